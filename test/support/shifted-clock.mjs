// Preloaded into whole processes whose clock is to go wrong by as many milliseconds as the file says, as libfaketime would have it. A file
// that is gone: the right time again.
import { readFileSync } from 'node:fs';

const RightDate = Date;
const LOOK_MS = 50;

function shiftNow() {
  try {
    return Number(readFileSync(process.env.TEST_CLOCK_FILE, 'utf8'));
  } catch {
    return 0;
  }
}

let shift = shiftNow();
setInterval(() => {
  shift = shiftNow();
}, LOOK_MS).unref();

globalThis.Date = class extends RightDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RightDate.now() + shift] : given));
  }

  static now() {
    return RightDate.now() + shift;
  }
};
