/** Reasons of `audit`, in Turkish. */
export const AUDIT = {
  'audit.masterKeys':
    'Kişilerin anahtarlarını saran anahtarlar; yeni kişiler için ilki kullanılır. Varsayılanı yoktur: bilinen bir anahtar hiçbir şeyi korumaz.',
  'audit.masterKeys[].id':
    'Anahtarın adı; sardığı her şeyin yanında yazar, bu yüzden bir daha başka bir anahtara verilemez.',
  'audit.masterKeys[].key':
    '32 rastgele bayt, base64 ya da hex. Bu anahtar ile veritabanını birlikte ele geçiren, kişilerin sorgularını okuyabilir.',
  'audit.tagKeys':
    'Arama tablosunun anahtarları; yeni satırlar için ilki kullanılır. Aynı nedenle varsayılanı yoktur.',
  'audit.tagKeys[].id': 'Anahtarın numarası; arama tablosunun her satırında yazar.',
  'audit.tagKeys[].key':
    '32 rastgele bayt, base64 ya da hex. Bu anahtarı ele geçiren, bir numarayı arama tablosunda sınayabilir.',
  'audit.origin':
    'Denetim kaydının her kontrol noktasında yazan adı. Varsayılanı yoktur: aynı adlı iki kayıt birbirinden ayırt edilemez. Yalnız bir kayıptan sonra kayda devam edilirken değiştirilir.',
  'audit.checkpointKey':
    'Kontrol noktalarını imzalayan Ed25519 özel anahtarı, PEM (PKCS#8). Varsayılanı yoktur. Değiştirilmesi kayda geçer.',
  'audit.oldCheckpointKeys': 'Önceki imza anahtarlarının doğrulama anahtarları: yalnız doğrularlar.',
  'audit.checkpointFile':
    'Son kontrol noktasının veritabanı dışında da durduğu klasör: yedekten dönmüş ya da kısaltılmış bir veritabanı bununla anlaşılır. Varsayılanı yoktur: veritabanınınkinden başka bir diskte olmalıdır.',
  'audit.checkpointEveryMs':
    'Büyüyen kaydın ne sıklıkla imzalandığı; her kayıt bir saniye içinde kapsanmalıdır.',
  'audit.timestamps.authorities':
    'Doğru cevap veren bulunana kadar bu sırayla sorulur. Üretimde en az biri gerekir.',
  'audit.timestamps.authorities[].id': 'Zaman damgası makamının adı; verdiği her damganın yanında yazar.',
  'audit.timestamps.authorities[].url':
    'İsteklerin gittiği adres. Kamu SM’ninki düz HTTP’dir: dışarı yalnız bir özet çıkar ve cevap imzalıdır.',
  'audit.timestamps.authorities[].authentication':
    '“kamusm”: TÜBİTAK Kamu SM’nin istediği “identity” başlığı.',
  'audit.timestamps.authorities[].userName': '“basic” için kullanıcı adı.',
  'audit.timestamps.authorities[].customerNo': '“kamusm” için müşteri numarası.',
  'audit.timestamps.authorities[].password': '“basic” ve “kamusm” için parola.',
  'audit.timestamps.authorities[].policies':
    'Zaman damgalarının dayanabileceği ilkeler; boşsa makamın bildirdiği ilke ne olursa olsun kabul edilir.',
  'audit.timestamps.authorities[].ca':
    'İmzalayanın zincirinin ulaşması gereken sertifikalar, PEM. İşletim sisteminin listesi kullanılmaz: web sitesi sertifikası veren bir makam zaman damgası vermez.',
  'audit.timestamps.authorities[].timeoutMs': 'Tek bir istek için süre; kimse bunu beklemez.',
  'audit.timestamps.everyMinutes':
    'En kötü durumda, köprüyü, anahtarını ve veritabanını ele geçirenin geriye dönük yazabileceği süre bir saattir.',
  'audit.timestamps.budgetHours':
    'Servisin zaman damgası alınamadan çalıştığı en uzun süre; sonrasında hiçbir şey sorulmaz, çünkü kaydının değeri eksik olur.',
  'audit.timestamps.maxClockDifferenceS':
    'Fark bundan büyükse iki saatten biri yanlıştır ve zaman damgası kabul edilmez.',
  'audit.retention.years':
    'Kaydın yılından sonraki tam yıllar. Süre kamuya açıklanmış değildir; on yıl, yazılı olarak teyit edilecek geçici değerdir.',
  'audit.retention.legalGround': 'İmha tutanaklarında ve kişilere verilen cevaplarda yazan dayanak.',
  'audit.retention.everyDays':
    'Süresi dolanların ne sıklıkla arandığı; mevzuat en az altı ayda bir yapılmasını ister.',
  'audit.retention.proposalDays': 'İkinci bir görevlinin bu süre içinde onaylamadığı öneri geçersiz olur.',
  'audit.signals':
    'Nelerin uyarı olarak bildirildiği. Bir ortağın formu dakikalar alır; on dakikada otuz kişi çalışma değil, bir listenin okunmasıdır.',
  'audit.signals[].code': 'Kuralın adı; kayıtlarda ve ölçümlerde yazar.',
  'audit.signals[].measure':
    'Her kullanıcı için neyin sayıldığı: belirli sürede sorulan farklı kişiler; bir gün içinde çalışma saatleri dışındaki sorgular; belirli sürede kimseyle eşleşmeyen sorgular; bugünkü sorguların kendi günlük ortalamasına oranı; belirli sürede aramalar, dışa aktarmalar ve deliller.',
  'audit.signals[].threshold': 'Bu sayıya ulaşılınca uyarı oluşur.',
  'audit.signals[].windowMinutes': 'people-asked-about, non-matches ve log-reads ölçülerinin sayıldığı süre.',
  'audit.signals[].fromHour': 'outside-working-hours ölçüsünde ilk çalışma saati (Türkiye saati).',
  'audit.signals[].toHour': 'Son çalışma saatinin bitişi.',
  'audit.signals[].days': 'above-own-habit ölçüsünde alışkanlığın çıkarıldığı, bugünden önceki gün sayısı.',
  'audit.signals[].factorPercent': 'above-own-habit ölçüsüne ulaşılan, günlük ortalamanın yüzdesi.',
  'audit.feedFile':
    'Kişisel değerler olmadan kayıtların bir toplayıcı için NDJSON olarak yazıldığı dosya; varsayılan olarak yoktur.',
  'audit.maxBatch':
    'Bir işlemde birlikte yazılan kayıt sayısı; ölçülmüştür: 256’nın üstü az kazandırır ve kaydın başındaki kilidi daha uzun tutar.',
  'audit.maxQueue':
    'Yazılmayı bekleyen kayıt sayısı: saniyenin beşte biri kadar iş. Üstünde çağıranlara hemen OVERLOADED (aşırı yük) cevabı verilir.',
} as const;
