/** Reasons of `accounts`, in Turkish. */
export const ACCOUNTS = {
  accounts: 'KPS hesapları; varsayılan olarak yoktur.',
  'accounts[].id': 'Hesabın adı; ücret defteri bu adla tutulur.',
  'accounts[].institution': 'Anlaşmanın tarafı olan alıcı kurum.',
  'accounts[].feeClass':
    '“outside”: genel yönetim kapsamında, sayılır ve sıfır ücretlendirilir; “paying”: diğer herkes. Varsayılanı yoktur: konu paradır.',
  'accounts[].feeClassChanges':
    'Sınıf değişiyorsa hangi günden başladığı; önceden deftere yazılanlar olduğu gibi kalır.',
  'accounts[].feeClassChanges[].from': 'Bu sınıfın ilk günü (Türkiye saati).',
  'accounts[].feeClassChanges[].feeClass': 'O günden başlayarak geçerli sınıf.',
  'accounts[].budget': 'Her çeyrek için bir sınır; varsayılan olarak yoktur.',
  'accounts[].budget.quarterKurus': 'Bir çeyrekte harcanabilecek tutar, kuruş; null: para sınırı yoktur.',
  'accounts[].budget.quarterQueries': 'Bir çeyrekte gönderilebilecek sorgu sayısı; null: sayı sınırı yoktur.',
  'accounts[].budget.stopAtPercent':
    'Bu yüzdeye ulaşılınca, ikinci bir kişi durdurmayı kaldırana kadar başka sorgu gönderilmez.',
  'accounts[].userName': 'NVİ’nin verdiği kullanıcı adı (KRM-…).',
  'accounts[].password':
    'Hesabın parolası. Bir kez reddedilirse kendiliğinden yeniden denenmez: hesap kilitlenebilir.',
  'accounts[].staticIp': 'Bu hesap için NVİ’ye bildirilmiş sabit IP adresi.',
  'accounts[].administrativeUser.name': 'İdari sorumlunun NVİ’ye bildirilmiş adı.',
  'accounts[].administrativeUser.email': 'İdari sorumlunun NVİ’ye bildirilmiş e-posta adresi.',
  'accounts[].technicalUser.name': 'Teknik sorumlunun NVİ’ye bildirilmiş adı.',
  'accounts[].technicalUser.email': 'Teknik sorumlunun NVİ’ye bildirilmiş e-posta adresi.',
  'accounts[].agreement.services':
    'İkili anlaşmada adı geçen hizmetler; bunların dışındaki hizmet, sorulmadan reddedilir.',
  'accounts[].agreement.validFrom': 'Anlaşmanın ilk günü.',
  'accounts[].agreement.validUntil': 'Anlaşmanın son günü; yıllık yenileme kaçırılırsa erişim askıya alınır.',
} as const;
