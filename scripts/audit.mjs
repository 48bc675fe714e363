// `npm run audit`: fails when a package that runs in production has a known vulnerability of high or critical severity.
// Where the registry answers no advisories (offline, a plain mirror) it says so and passes: nothing was learned.
import { npm } from './steps.mjs';

const SEVERE = ['high', 'critical'];

const { output } = await npm(['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000']);
const report = parsed(output);
if (!report?.metadata) {
  console.log(`NOT AUDITED: the registry answers no advisories (${report?.message?.split(' - ')[0] ?? 'no answer'})`);
} else {
  const found = Object.values(report.vulnerabilities).filter(({ severity }) => SEVERE.includes(severity));
  for (const { name, severity, range, via } of found) {
    console.log(`${name} ${range}: ${severity}: ${via.map((v) => v.title ?? `through ${v}`).join('; ')}`);
  }
  console.log(`${report.metadata.dependencies.prod} packages in production, ${found.length} with severe advisories`);
  if (found.length > 0) process.exitCode = 1;
}

/** npm prints warnings around its JSON. */
function parsed(text) {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return null;
  }
}
