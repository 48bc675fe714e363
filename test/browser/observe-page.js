// Runs in every page before anything else and tells the test, through two functions that it exposed, what it must know.
document.addEventListener('securitypolicyviolation', (event) => {
  globalThis.noteViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
new MutationObserver((_, observer) => {
  if (!document.querySelector('h1')) return;
  observer.disconnect();
  globalThis.noteAccent(getComputedStyle(document.documentElement).getPropertyValue('--accent').trim());
}).observe(document, { childList: true, subtree: true });
