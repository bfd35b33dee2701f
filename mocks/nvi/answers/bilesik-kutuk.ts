import type { WorldPerson } from '../../world/world.js';
import { KPS_CONSTANTS } from '../namespaces.js';
import { traitsOf } from '../planted.js';
import { type BilesikDialect, citizenContainer, noCitizenContainer } from './citizen.js';
import { foreignerContainer, noForeignerContainer } from './foreigner.js';
import { hataBilgisi, nil } from './wire.js';

const DIALECTS: Readonly<Record<string, BilesikDialect>> = {
  '2023/02/01': { inner: 'a:', veliVasi: false },
  '2024/04/01': { inner: '', veliVasi: true },
};

/** One `BilesikKutukBilgileri`: a record, or (where `person` is undefined) nils and HataBilgisi 2 in the components. */
export function bilesikKutukItem(version: string, kimlikNo: string, person: WorldPerson | undefined): string {
  const dialect = DIALECTS[version];
  if (dialect === undefined) throw new Error(`no such version: ${version}`);
  const foreign = person?.kimlikNo.startsWith('9') ?? false;
  const citizen =
    person !== undefined && !foreign ? citizenContainer(person, dialect) : noCitizenContainer(dialect);
  const foreigner =
    person !== undefined && foreign ? foreignerContainer(person, dialect) : noForeignerContainer(dialect);
  return (
    `<BilesikKutukBilgileri>${filled(person, foreign)}${hataBilgisi()}<KimlikNo>${kimlikNo}</KimlikNo>` +
    `${nil('MaviKartliKisiKutukleri')}${citizen}${foreigner}</BilesikKutukBilgileri>`
  );
}

/** `DoluBilesenler`: which components hold data. */
function filled(person: WorldPerson | undefined, foreign: boolean): string {
  if (person === undefined) return `<DoluBilesenler xmlns:c="${KPS_CONSTANTS}"/>`;
  const photograph = traitsOf(person.kimlikNo).photoDenied ? [] : ['TCKKFotoBilgisi'];
  const names = foreign
    ? ['YabanciKisiBilgisi']
    : ['TCKisiBilgisi', 'TCKKBilgisi', ...photograph, 'NufusCuzdaniBilgisi'];
  const items = names.map(
    (name) => `<c:CstBilesikKutukServisDoluBilesen>${name}</c:CstBilesikKutukServisDoluBilesen>`,
  );
  return `<DoluBilesenler xmlns:c="${KPS_CONSTANTS}">${items.join('')}</DoluBilesenler>`;
}
