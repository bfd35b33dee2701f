/** A remark for whoever keeps the settings: it says whose reading it is, in English, and belongs to no text for a citizen. */
const REMARK = /\s*\(our reading\b.*\)\s*$/su;
/** Between two provisions, as the defaults of the settings join them. */
const JOINED = / with (?=(?:\d+ )?m\.\d)/gu;

/** A legal ground as people are shown it: the provision alone, in Turkish, without the remark that the entry keeps. */
export function shownGround(legalGround: string): string {
  const ground = legalGround.replace(REMARK, '').replace(JOINED, ' ve ');
  return ground === '' ? legalGround : ground;
}
