import type { KpsService, KpsServiceName } from './port.js';

/** A member of a criterion; which of them a version takes is data. */
export type CriterionField = 'Ad' | 'DogumAy' | 'DogumGun' | 'DogumYil' | 'KimlikNo' | 'Soyad';

/**
 * One version of one service as data. A new version of the same shape is a new row and a new WSDL, no code
 * (facts/kps.md §5.5: a new dated contract appears about yearly).
 */
export interface KpsServiceSpec extends KpsService {
  /** `http://kps.nvi.gov.tr/<version>`, without the service's name. */
  readonly namespace: string;
  readonly operation: string;
  /** `a:Action`; the answer's is the same with `Response`. */
  readonly action: string;
  /** File in the WSDL folder. */
  readonly wsdl: string;
  /** The element of one criterion below `kriterListesi`. */
  readonly criterionElement: string;
  readonly criterion: readonly CriterionField[];
  /** What stands for an unknown day or month: nothing, `i:nil`, or 0 (facts/kps.md §5.2). */
  readonly unknownDatePart: 'omit' | 'nil' | 'zero';
  /** Which reader understands the answer. */
  readonly answer: 'bilesik-kutuk' | 'tum-kutuk-dogrula';
}

const BIRTH_DATE_AND_NUMBER: readonly CriterionField[] = ['DogumAy', 'DogumGun', 'DogumYil', 'KimlikNo'];

/** The row of one version: everything that follows from name and version by NVİ's conventions (facts/kps.md §3.1). */
export function serviceSpec(
  name: KpsServiceName,
  version: string,
  rest: Pick<KpsServiceSpec, 'criterionElement' | 'criterion' | 'unknownDatePart' | 'answer'>,
): KpsServiceSpec {
  const namespace = `http://kps.nvi.gov.tr/${version}`;
  return {
    name,
    version,
    namespace,
    operation: 'Sorgula',
    action: `${namespace}/${name}/Sorgula`,
    wsdl: `${name}-${version.replaceAll('/', '-')}.wsdl`,
    ...rest,
  };
}

const BILESIK_KUTUK = {
  criterionElement: 'BilesikKutukSorgulaKimlikNoSorguKriteri',
  criterion: BIRTH_DATE_AND_NUMBER,
  unknownDatePart: 'omit',
  answer: 'bilesik-kutuk',
} as const;

/** The service versions that the bridge speaks (facts/kps.md §3.3, §3.4). */
export const KPS_SERVICES: readonly KpsServiceSpec[] = [
  serviceSpec('BilesikKutukSorgulaKimlikNoServis', '2023/02/01', BILESIK_KUTUK),
  serviceSpec('BilesikKutukSorgulaKimlikNoServis', '2024/04/01', BILESIK_KUTUK),
  serviceSpec('TumKutukDogrulaServis', '2025/08/01', {
    criterionElement: 'TumKutukDogrulamaSorguKriteri',
    criterion: ['Ad', ...BIRTH_DATE_AND_NUMBER, 'Soyad'],
    unknownDatePart: 'zero',
    answer: 'tum-kutuk-dogrula',
  }),
];
