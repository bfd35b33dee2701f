/** Every national system that the control interface names (CONTRACT §3), with or without a stand-in yet. */
export const SYSTEMS = ['edevlet', 'sts', 'kps', 'mersis', 'tsa'] as const;

export type SystemName = (typeof SYSTEMS)[number];

export function isSystemName(text: unknown): text is SystemName {
  return SYSTEMS.some((name) => name === text);
}
