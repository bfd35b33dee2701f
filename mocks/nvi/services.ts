/** One dated contract of one service (facts/kps.md §3.1, §3.3, §3.4). Versions are data. */
export interface ServiceVersion {
  readonly name: 'BilesikKutukSorgulaKimlikNoServis' | 'TumKutukDogrulaServis';
  readonly version: string;
  /** Element name of one criterion. */
  readonly criterion: string;
  /** The criterion's members in ordinal order, the only order in which they are read. */
  readonly members: readonly string[];
}

const BILESIK = ['DogumAy', 'DogumGun', 'DogumYil', 'KimlikNo'] as const;
const TUM_KUTUK = ['Ad', 'DogumAy', 'DogumGun', 'DogumYil', 'KimlikNo', 'Soyad', 'TCKKSeriNo'] as const;

const SERVICES: readonly ServiceVersion[] = [
  {
    name: 'BilesikKutukSorgulaKimlikNoServis',
    version: '2023/02/01',
    criterion: 'BilesikKutukSorgulaKimlikNoSorguKriteri',
    members: BILESIK,
  },
  {
    name: 'BilesikKutukSorgulaKimlikNoServis',
    version: '2024/04/01',
    criterion: 'BilesikKutukSorgulaKimlikNoSorguKriteri',
    members: BILESIK,
  },
  {
    name: 'TumKutukDogrulaServis',
    version: '2025/08/01',
    criterion: 'TumKutukDogrulamaSorguKriteri',
    members: TUM_KUTUK,
  },
];

/** The body's namespace: the date path alone, without the service's name. */
export function serviceNamespace(service: ServiceVersion): string {
  return `http://kps.nvi.gov.tr/${service.version}`;
}

const BY_ACTION: ReadonlyMap<string, ServiceVersion> = new Map(
  SERVICES.map((service) => [`${serviceNamespace(service)}/${service.name}/Sorgula`, service]),
);

export function serviceByAction(action: string): ServiceVersion | undefined {
  return BY_ACTION.get(action);
}
