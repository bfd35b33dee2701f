import type { World, WorldPerson } from '../world/world.js';
import { dateParts } from './answers/wire.js';
import type { Criterion } from './criteria.js';
import { traitsOf } from './planted.js';

/**
 * The record of the combined register, where number and birth date are the register's. Parts that are not given match only
 * a record that has them unknown too; a date that differs finds nothing (facts/kps.md §3.2, §3.3).
 */
export function findByNumberAndDate(world: World, criterion: Criterion): WorldPerson | undefined {
  const person = criterion.kimlikNo === null ? undefined : world.person(criterion.kimlikNo);
  if (person === undefined) return undefined;
  const born = dateParts(person.dogumTarihi);
  const same =
    born.yil === criterion.dogumYil && born.ay === criterion.dogumAy && born.gun === criterion.dogumGun;
  return same ? person : undefined;
}

/** The record of TumKutukDogrula: names exactly as registered, `0` for an unknown part, the card's number where it is given. */
export function findByEverything(world: World, criterion: Criterion): WorldPerson | undefined {
  const person = findByNumberAndDate(world, {
    ...criterion,
    dogumAy: criterion.dogumAy === 0 ? null : criterion.dogumAy,
    dogumGun: criterion.dogumGun === 0 ? null : criterion.dogumGun,
  });
  if (person === undefined) return undefined;
  if (criterion.ad !== person.ad || (criterion.soyad ?? '') !== person.soyad) return undefined;
  if (criterion.tckkSeriNo !== null && criterion.tckkSeriNo !== traitsOf(person.kimlikNo).seriNo)
    return undefined;
  return person;
}
