/** Services of KPS that the bridge can ask, with the versions whose WSDL it has (facts/kps.md §3). */
export const KPS_VERSIONS = {
  BilesikKutukSorgulaKimlikNoServis: ['2023/02/01', '2024/04/01'],
  TumKutukDogrulaServis: ['2025/08/01'],
} as const satisfies Record<string, readonly string[]>;

export type KpsServiceSetting = keyof typeof KPS_VERSIONS;

export const KPS_SERVICES = [
  'BilesikKutukSorgulaKimlikNoServis',
  'TumKutukDogrulaServis',
] as const satisfies readonly KpsServiceSetting[];
