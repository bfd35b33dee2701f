import type { PersonTagger } from '../../audit/person-tags.js';
import type { CooperativeReading } from '../../authority/recording/reading.js';

/**
 * Keyed digest (hex) of all that a reading says about who may act, persons by their tags; in which order seats come does not count. Keyed,
 * since a plain hash of a board could be guessed from numbers. Names of the cooperative decide nothing and are left out.
 */
export function readingDigest(tagger: Pick<PersonTagger, 'digest'>, reading: CooperativeReading): string {
  const { mersisNo, vkn, il, ilgiliBakanlik, durum, durumSince, successor } = reading;
  const seats = reading.seats.map((seat) => {
    const { role, tag, startsOn, endsOn, registeredOn, state, representation, gazette, actsFor } = seat;
    return JSON.stringify([
      role,
      tag,
      startsOn,
      endsOn,
      registeredOn,
      state,
      representation,
      gazette,
      actsFor,
    ]);
  });
  const head = JSON.stringify([mersisNo, vkn, il, ilgiliBakanlik, durum, durumSince, successor]);
  return tagger.digest('mersis.reading', [head, ...seats.sort()]).toString('hex');
}
