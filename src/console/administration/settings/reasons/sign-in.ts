/** Reasons of `signIn`, in Turkish. */
export const SIGN_IN = {
  'signIn.issuer':
    'Tarayıcıların ve uygulamaların “listeners.web” dinleyicisine ulaştığı adres, “https://…” biçiminde, yolsuz.',
  'signIn.apiOrigin':
    'Uygulamaların “listeners.service” dinleyicisine ulaştığı adres: sertifikaları yalnız orada istenir.',
  'signIn.cookieKeys':
    'Her biri 32 rastgele bayt, base64 ya da hex; çerezleri ilki imzalar, hepsi kabul edilmeye devam eder.',
  'signIn.pairwiseKey':
    '32 rastgele bayt, base64 ya da hex; numara ile uygulamadan “sub” değerini üretir. Hiç değiştirilmez: yoksa herkes başka biri olurdu.',
  'signIn.idleMinutes': 'Kullanılmayan oturum kapanır: iş yerlerinde ekranlar ortak kullanılır.',
  'signIn.absoluteMinutes': 'Bir iş günü; sonra e-Devlet’e yeniden sorulur.',
  'signIn.interactionMinutes':
    'Başlanmış bir girişin tamamlanabileceği süre: e-Devlet’te iki aşamalı girişi açacak kadar.',
  'signIn.stateMinutes': 'e-Devlet’e bir gidiş dönüşün, kısa mesaj dâhil, ne kadar sürebileceği.',
  'signIn.accessTokenMinutes': 'Dakikalar, yenilenerek: sızan belirteç kısa sürede değersiz olur.',
  'signIn.codeSeconds': 'Kod hemen kullanılır; RFC 6749 on dakikaya izin verir.',
  'signIn.requestsPerMinutePerAddress':
    'Bir adresten saniyede 100; arkasında bütün bir bakanlık olabilir. Kimsenin giriş yapmadığı istekler veritabanını doldurmamalıdır.',
  'signIn.keyDays': 'Bir anahtarın kimlik belirteçlerini (ID token) ne kadar süre imzaladığı.',
  'signIn.startClient': '“GET /giris” adresine gelenlerin, initiateLoginUri ile gönderildiği uygulama.',
  'signIn.stepUp.operations': 'İkinci adım isteyen işlemler; biri yazılı olarak çıkarılana kadar hepsi.',
  'signIn.stepUp.decaysAfterMinutes':
    'Başından kalkılan bir ekran, ikinci adımı verilmiş olarak kalmamalıdır; bir iş bundan kısa sürer.',
  'signIn.stepUp.maxFailures': 'Kilitlenmeden önce art arda yanlış kod: milyonda beş deneme tahmine yetmez.',
  'signIn.stepUp.lockMinutes': 'Kilitlenince ne kadar süre hiçbir koda bakılmadığı: günde en çok 480 deneme.',
  'signIn.stepUp.enrolWithinMinutes':
    'İkinci adım kurulurken iki aşamalı girişin ne kadar yeni olması gerektiği.',
  'signIn.notice.version':
    'Sürüm değişince aydınlatma metni herkese bir kez daha gösterilir; okunan metin sürümüyle kayda geçer.',
  'signIn.notice.controller': 'Aydınlatma metninde yazan veri sorumlusu.',
  'signIn.notice.contact': 'Bir kişinin 6698 sayılı Kanun m.11 kapsamındaki başvurusunu yapacağı yer.',
} as const;
