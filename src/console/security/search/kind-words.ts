import type { EntryKind } from '../../../audit/entry.js';
import type { BothLanguages } from '../../../pages/views.js';

/** Each kind of entry in words, as a row of a list tells it. Closed: a new kind is a new row here. */
export const KIND_WORDS: Readonly<Record<EntryKind, BothLanguages>> = {
  'query.intent': { tr: 'Kimlik sorgusu', en: 'Identity query' },
  'query.outcome': { tr: 'Sorgunun sonucu', en: 'Outcome of a query' },
  'query.late-outcome': { tr: 'Sorgunun geç gelen sonucu', en: 'Late outcome of a query' },
  'query.unknown': { tr: 'Sonucu bilinmeyen sorgu', en: 'Query without a known outcome' },
  'query.refused': { tr: 'Reddedilen sorgu', en: 'Refused query' },
  'query.replayed': { tr: 'Kayıtlı yanıtın tekrarı', en: 'Recorded answer repeated' },
  'query.read': { tr: 'Sonucun yeniden okunması', en: 'Outcome read again' },
  'access.refused': { tr: 'Adı bilinmeyen çağrıların reddi', en: 'Refused calls of nobody known' },
  'session.opened': { tr: 'Oturum açıldı', en: 'Session opened' },
  'session.ended': { tr: 'Oturum kapandı', en: 'Session ended' },
  'session.refused': { tr: 'Oturum reddedildi', en: 'Session refused' },
  'session.joined': { tr: 'Oturum başka uygulamada kullanıldı', en: 'Session joined by an application' },
  'session.end-ordered': { tr: 'Oturum kapattırıldı', en: 'End of a session ordered' },
  'two-step.judged': { tr: 'İki aşamalı giriş denetlendi', en: 'Two-step sign-in judged' },
  'token.refused': { tr: 'Uygulamaya anahtar verilmedi', en: 'Token refused' },
  'sign-in.key-changed': { tr: 'Oturum imza anahtarı yenilendi', en: 'Sign-in key changed' },
  'logout.undelivered': { tr: 'Oturum kapanışı bildirilemedi', en: 'Logout not delivered' },
  'notice.read': { tr: 'Aydınlatma metni okundu', en: 'Notice read' },
  'step-up.enrolled': { tr: 'İkinci adım kuruldu', en: 'Second step set up' },
  'step-up.removed': { tr: 'İkinci adım kaldırıldı', en: 'Second step removed' },
  'step-up.succeeded': { tr: 'İkinci adım doğrulandı', en: 'Second step given' },
  'step-up.refused': { tr: 'İkinci adım reddedildi', en: 'Second step refused' },
  'authority.changed': { tr: 'Kooperatifin yetkilileri değişti', en: 'Authority changed' },
  'authority.recorded': { tr: 'Kooperatifin yetkilileri kaydedildi', en: 'Authority recorded' },
  'authority.turned': { tr: 'Görev süresi başladı ya da bitti', en: 'A term began or ended' },
  'authority.read': { tr: 'Yetkililer okundu', en: 'Authority read' },
  'authority.disagreed': { tr: 'Kayıtlar uyuşmuyor', en: 'Records disagree' },
  'disagreement.settled': { tr: 'Uyuşmazlık karara bağlandı', en: 'Disagreement settled' },
  'seat.recorded': { tr: 'Görev kaydedildi', en: 'Seat recorded' },
  'role.granted': { tr: 'Rol verildi', en: 'Role granted' },
  'role.revoked': { tr: 'Rol geri alındı', en: 'Role revoked' },
  'role.decided': { tr: 'Rol kararı', en: 'Decision on a role' },
  'suspension.decided': { tr: 'Organların görevden uzaklaştırılması', en: 'Suspension decided' },
  'appointment.applied': { tr: 'KOOPBİS yetkilisi başvurusu', en: 'Appointment applied for' },
  'appointment.decided': { tr: 'Başvuru kararı', en: 'Application decided' },
  'appointment.ended': { tr: 'KOOPBİS yetkilisinin görevi bitti', en: 'Appointment ended' },
  'legacy.imported': { tr: 'Eski yetkililer aktarıldı', en: 'Legacy appointees imported' },
  'call.refused': { tr: 'Reddedilen çağrı', en: 'Refused call' },
  'webhook.dead': { tr: 'Bildirim teslim edilemedi', en: 'Webhook given up' },
  'webhook.redriven': { tr: 'Bildirimler yeniden denendi', en: 'Webhooks tried again' },
  'mersis.run-started': { tr: 'MERSİS taraması başladı', en: 'MERSİS run started' },
  'mersis.asking': { tr: 'MERSİS’e soruluyor', en: 'MERSİS being asked' },
  'mersis.asked': { tr: 'Bir kişi için MERSİS’e soruldu', en: 'MERSİS asked for a person' },
  'mersis.answered': { tr: 'MERSİS yanıtı verildi', en: 'MERSİS answer given' },
  'mersis.refused': { tr: 'MERSİS verisi kabul edilmedi', en: 'MERSİS data not believed' },
  'mersis.held': { tr: 'MERSİS değişikliği bekletildi', en: 'MERSİS change held' },
  'mersis.run-stopped': { tr: 'MERSİS taraması durdu', en: 'MERSİS run stopped' },
  'mersis.run-ended': { tr: 'MERSİS taraması bitti', en: 'MERSİS run ended' },
  'mersis.reviewed': { tr: 'Bekletilen değişiklikler incelendi', en: 'Held changes reviewed' },
  'mersis.released': { tr: 'Bekletilen değişiklikler karara bağlandı', en: 'Held changes decided' },
  'mersis.registered': { tr: 'Kooperatif listesi alındı', en: 'Cooperatives registered' },
  'bridge.started': { tr: 'Köprü başladı', en: 'Bridge started' },
  'bridge.stopped': { tr: 'Köprü durdu', en: 'Bridge stopped' },
  'certificate.changed': { tr: 'Sertifika değişti', en: 'Certificate changed' },
  'command.run': { tr: 'Komut çalıştırıldı', en: 'Command run' },
  'command.acted': { tr: 'Komutla işlem yapıldı', en: 'Acted by a command' },
  'command.refused': { tr: 'Komut reddedildi', en: 'Command refused' },
  'log.searched': { tr: 'Kayıtlarda arama', en: 'Log searched' },
  'log.search-refused': { tr: 'Reddedilen arama', en: 'Search refused' },
  'log.exported': { tr: 'Kayıtlar dışa aktarıldı', en: 'Log exported' },
  'log.export-asked': { tr: 'Dışa aktarma istendi', en: 'Export asked for' },
  'log.evidence': { tr: 'Delil dosyası hazırlandı', en: 'Evidence made' },
  'log.revealed': { tr: 'Mühürlü değer açıldı', en: 'Sealed value opened' },
  'log.checked': { tr: 'Kayıtlar doğrulandı', en: 'Log checked' },
  'log.key-changed': { tr: 'Kontrol noktası anahtarı değişti', en: 'Checkpoint key changed' },
  'log.witness-missing': { tr: 'Dış kontrol noktası bulunamadı', en: 'Witness missing' },
  'log.continued': { tr: 'Kayıt defteri yeni adla sürdürüldü', en: 'Log continued' },
  'log.range-detached': { tr: 'Eski kayıt aralığı çıkarıldı', en: 'Range detached' },
  'log.range-attached': { tr: 'Eski kayıt aralığı geri alındı', en: 'Range attached' },
  'kvkk.answered': { tr: 'KVKK başvurusu yanıtlandı', en: 'KVKK request answered' },
  'erasure.answered': { tr: 'Silme talebi yanıtlandı', en: 'Erasure request answered' },
  'retention.run': { tr: 'Süre denetimi yapıldı', en: 'Terms looked at' },
  'retention.proposed': { tr: 'İmha ya da süre önerildi', en: 'Retention proposed' },
  'retention.confirmed': { tr: 'Kısa süre onaylandı', en: 'Shorter term confirmed' },
  'retention.refused': { tr: 'İmha ya da süre reddedildi', en: 'Retention refused' },
  'retention.destroyed': { tr: 'Anahtarlar imha edildi', en: 'Keys destroyed' },
  'hold.placed': { tr: 'Yasal tutma kondu', en: 'Legal hold placed' },
  'hold.lifted': { tr: 'Yasal tutma kaldırıldı', en: 'Legal hold lifted' },
  'keys.rewrapped': { tr: 'Anahtarlar yeniden sarıldı', en: 'Keys rewrapped' },
  'signal.raised': { tr: 'Uyarı oluştu', en: 'Signal raised' },
  'signal.decided': { tr: 'Uyarı karara bağlandı', en: 'Signal decided' },
  'timestamp.outage': { tr: 'Zaman damgası alınamıyor', en: 'Time stamps failing' },
  'timestamp.restored': { tr: 'Zaman damgası yeniden alındı', en: 'Time stamps restored' },
  'proposal.made': { tr: 'İkinci kişinin kararına sunuldu', en: 'Proposal made' },
  'proposal.ended': { tr: 'Öneri sonuçlandı', en: 'Proposal ended' },
  'fees.tariff-switched': { tr: 'Tarife satırı açıldı', en: 'Tariff switched' },
  'fees.quarter-frozen': { tr: 'Çeyrek donduruldu', en: 'Quarter frozen' },
  'fees.quarter-reopened': { tr: 'Çeyrek yeniden açıldı', en: 'Quarter reopened' },
  'fees.quarter-approved': { tr: 'Çeyrek onaylandı', en: 'Quarter approved' },
  'fees.quarter-sealed': { tr: 'Çeyrek mühürlendi', en: 'Quarter sealed' },
  'fees.notice-recorded': { tr: 'Ücret bildirimi kaydedildi', en: 'Notice recorded' },
  'fees.payment-recorded': { tr: 'Ödeme kaydedildi', en: 'Payment recorded' },
  'fees.figures-imported': { tr: 'Bakanlık rakamları alındı', en: 'Figures imported' },
  'fees.difference-decided': { tr: 'Fark karara bağlandı', en: 'Difference decided' },
  'fees.unknown-settled': { tr: 'Bilinmeyen sonuç kapatıldı', en: 'Unknown outcome settled' },
  'fees.stop-lifted': { tr: 'Bütçe durdurması kaldırıldı', en: 'Budget stop lifted' },
  'fees.agreement-requested': { tr: 'Protokol talebi kaydedildi', en: 'Agreement requested' },
  'fees.agreement-answered': { tr: 'Protokol cevabı kaydedildi', en: 'Agreement answered' },
  'fees.read': { tr: 'Ücret cetveli okundu', en: 'Statement read' },
  'console.opened': { tr: 'Konsol sayfası açıldı', en: 'Console page opened' },
  'console.acted': { tr: 'Konsolda işlem yapıldı', en: 'Acted in the console' },
  'console.refused': { tr: 'Konsolda reddedildi', en: 'Refused in the console' },
  'maintenance.opened': { tr: 'Bakım başladı', en: 'Maintenance opened' },
  'maintenance.closed': { tr: 'Bakım bitti', en: 'Maintenance closed' },
};

/** A kind in words; one that this version does not know is shown as it is. */
export function kindWord(kind: string): BothLanguages | string {
  return Object.hasOwn(KIND_WORDS, kind) ? KIND_WORDS[kind as EntryKind] : kind;
}

interface KindGroup {
  readonly text: BothLanguages;
  readonly kinds: readonly EntryKind[];
}

/** What a search may be narrowed to, one box each. Together they are as many as a search may name. */
export const KIND_GROUPS = {
  sorgu: { text: { tr: 'Kimlik sorguları', en: 'Identity queries' }, kinds: ['query.intent'] },
  ret: { text: { tr: 'Reddedilen sorgular', en: 'Refused queries' }, kinds: ['query.refused'] },
  belirsiz: {
    // Not all that are unknown: KPS may have stayed silent within the deadline. Those are found by their outcome.
    text: { tr: 'Süresi dolan sorgular ve geç sonuçlar', en: 'Queries past their deadline, late outcomes' },
    kinds: ['query.unknown', 'query.late-outcome'],
  },
  tekrar: {
    text: { tr: 'Yeniden okumalar', en: 'Outcomes read again' },
    kinds: ['query.replayed', 'query.read'],
  },
  'diger-ret': {
    text: { tr: 'Diğer retler', en: 'Other refusals' },
    kinds: [
      'call.refused',
      'session.refused',
      'token.refused',
      'step-up.refused',
      'console.refused',
      'command.refused',
      'log.search-refused',
    ],
  },
  oturum: {
    text: { tr: 'Oturumlar', en: 'Sessions' },
    kinds: ['session.opened', 'session.ended'],
  },
  inceleme: {
    text: { tr: 'Kayıtlara bakanlar', en: 'Who looked into the log' },
    kinds: ['log.searched', 'log.revealed', 'log.exported', 'log.evidence', 'kvkk.answered'],
  },
} as const satisfies Readonly<Record<string, KindGroup>>;

export type KindGroupName = keyof typeof KIND_GROUPS;

export function isKindGroup(name: string): name is KindGroupName {
  return Object.hasOwn(KIND_GROUPS, name);
}

/** The kinds of these groups, each once. A name that is no group's is passed over. */
export function kindsOf(groups: readonly string[]): readonly EntryKind[] {
  return [
    ...new Set(groups.filter(isKindGroup).flatMap((name): readonly EntryKind[] => KIND_GROUPS[name].kinds)),
  ];
}
