/** One thing that may be asked about. `changes`: something is different afterwards, so an old reading of the registry is not enough. */
export interface Action {
  readonly name: string;
  readonly tr: string;
  readonly en: string;
  readonly changes: boolean;
}

const change = (tr: string, en: string) => ({ tr, en, changes: true }) as const;
const read = (tr: string, en: string) => ({ tr, en, changes: false }) as const;

/** Everything that a right can be a right to, by `action.name` (CONTRACT §4). Closed: another name is nobody’s right. */
const TABLE = {
  'member.add': change('ortak kaydetmek', 'add a member'),
  'member.update': change('ortak bilgilerini güncellemek', 'change a member’s data'),
  'member.read': read('ortak bilgilerini görmek', 'read members’ data'),
  'document.upload': change('belge yüklemek', 'upload a document'),
  'document.read': read('belgeleri görmek', 'read documents'),
  'attendance-list.read': read('hazır bulunanlar listesini görmek', 'read the attendance list'),
  'assembly.record': change('genel kurulu kaydetmek', 'record a general assembly'),
  'assembly.call': change('genel kurulu toplantıya çağırmak', 'call the general assembly'),
  'assembly-report.upload': change(
    'Bakanlık temsilcisi raporunu yüklemek',
    'upload the ministry representative’s report',
  ),
  'appointee.apply': change('KOOPBİS yetkilisi için başvurmak', 'apply for a KOOPBİS yetkilisi'),
  'appointee.decide': change(
    'KOOPBİS yetkilisi başvurusunu karara bağlamak',
    'decide on such an application',
  ),
  'address.read': read('adresleri görmek', 'read addresses'),
  'cooperative.read': read('kooperatif bilgilerini görmek', 'read the cooperative’s data'),
  'cooperative.suspend': change(
    'organların görevden uzaklaştırılmasını kaydetmek',
    'record a suspension of the cooperative’s organs',
  ),
  // Brings nothing but what the registry says anyway; whose reading is old must be able to renew it.
  'mersis.refresh': read('MERSİS’ten yeniden sorgulamak', 'have MERSİS read anew'),
  'authority.read': read('kimin yetkili olduğunu görmek', 'read who may act'),
} as const satisfies Readonly<Record<string, Omit<Action, 'name'>>>;

export type ActionName = keyof typeof TABLE;

/** The closed list, in the order of the documentation. */
export const ACTIONS: ReadonlyMap<string, Action & { readonly name: ActionName }> = new Map(
  (Object.keys(TABLE) as ActionName[]).map((name) => [name, { name, ...TABLE[name] }]),
);
