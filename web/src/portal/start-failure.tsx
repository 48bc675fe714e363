import { buttonClass } from '../ui/button.js';

/** Shown when not even the brand could be read: no language is known yet, so both are used. */
export function StartFailure() {
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div role="alert" className="flex flex-col items-center gap-4">
        <p className="font-medium" lang="ko">
          서버에 연결할 수 없습니다.
        </p>
        <p className="text-muted" lang="en">
          The server cannot be reached.
        </p>
        <button type="button" className={buttonClass('plain')} onClick={() => location.reload()}>
          다시 시도 · Try again
        </button>
      </div>
    </main>
  );
}
