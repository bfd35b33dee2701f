/** Users of cooperatives, who belong to no unit of an institution. */
export const COOPERATIVES = 'kooperatif';
/** A ministry's own staff, wherever they look. */
export const CENTRAL = 'merkez';

/**
 * The unit (birim) that caused a query, from what its intent says: staff of a directorate act in their own ministry and il alone, so that
 * the cooperative's are theirs. `ticaret/Ankara`, `ticaret/merkez`, `kooperatif`.
 */
export function unitOf(role: string, ministry: string, il: string): string {
  if (role === 'directorate') return `${ministry}/${il}`;
  return role.startsWith('ministry-') ? `${ministry}/${CENTRAL}` : COOPERATIVES;
}
