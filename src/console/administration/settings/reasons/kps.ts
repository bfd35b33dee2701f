/** Reasons of `kps`, in Turkish. */
export const KPS = {
  'kps.sts.mutualTls':
    'Bu adres için kps.mutualTls yerine geçer: bir ağ geçidi, ötekinin hiç sormadığı karşılıklı TLS’yi isteyebilir.',
  'kps.sts.servername': 'Özel bir yoldan başka bir adla ulaşılıyorsa, SNI ve sertifika denetimi için ad.',
  'kps.sts.connectAddress':
    'DNS’e sormak yerine bağlanılacak adres: dışarıya açık adları olmayan kapalı bir ağ için.',
  'kps.sts.url':
    'Belirteç hizmeti. Varsayılanı yoktur: bir satır eksik diye gerçek hizmete parola gitmemelidir.',
  'kps.routing.mutualTls':
    'Bu adres için kps.mutualTls yerine geçer: bir ağ geçidi, ötekinin hiç sormadığı karşılıklı TLS’yi isteyebilir.',
  'kps.routing.servername': 'Özel bir yoldan başka bir adla ulaşılıyorsa, SNI ve sertifika denetimi için ad.',
  'kps.routing.connectAddress':
    'DNS’e sormak yerine bağlanılacak adres: dışarıya açık adları olmayan kapalı bir ağ için.',
  'kps.routing.url':
    'Yönlendirme hizmeti (RoutingService). Varsayılanı yoktur: bir satır eksik diye gerçek kütüğe sorulmamalıdır.',
  'kps.routing.appliesTo':
    'Belirtecin istendiği adres; yazılmazsa URL’nin kendisi. Bazı kurulumlar hizmeti, ulaşılan addan başka bir adla tanır.',
  'kps.mutualTls':
    'Karşılıklı TLS kurumun istediği gibi açıktır; NVİ’nin yayımladığı politika bunu zorunlu tutmaz.',
  'kps.clientCertificate.certificate': 'Sertifika ve zinciri, PEM; key ile birlikte yazılır.',
  'kps.clientCertificate.key': 'Özel anahtar, PEM; certificate ile birlikte yazılır.',
  'kps.clientCertificate.pfx': 'PKCS#12 dosyası; passphrase ile birlikte yazılır.',
  'kps.clientCertificate.passphrase': 'PKCS#12 dosyasının parolası; pfx ile birlikte yazılır.',
  'kps.extraCa':
    'İşletim sisteminin listesine ek olarak güvenilen sertifika makamları, PEM: kendi makamı olan kapalı bir ağ için. Doğrulamanın kendisi kapatılamaz.',
  'kps.localAddress': 'Makinenin birden çok adresi varsa ve NVİ birini tanıyorsa, çıkışta kullanılan adres.',
  'kps.proxy': 'NVİ’ye bildirilen adres başka bir makineninse kullanılan CONNECT vekil sunucusu.',
  'kps.connections': 'Açık tutulan bağlantı sayısı; ölçülmüştür: 32 bağlantı saniyede 2.000 çağrı taşır.',
  'kps.connectTimeoutMs':
    'NVİ’nin tanımadığı bir adresten bağlantı çoğu kez askıda kalır: henüz hiçbir şey gönderilmediği için çabuk bildirilir.',
  'kps.timeoutMs': 'Göndermeden cevabın bütünüyle alınmasına kadar; dolunca sonuç bilinmiyor demektir.',
  'kps.stsTimeoutMs': 'Bir belirteç için süre; ücreti yoktur, yeniden denenebilir.',
  'kps.sorgulayan':
    'Çoğu istemci bu alanı göndermez ve çalışır; sözleşmenin isteyip istemediği kamuya açıklanmış değildir.',
  'kps.sorgulayanValue':
    'Alanın ne taşıdığı: sorgulayan kişinin numarası ya da hesabın kullanıcı adı; NVİ’nin kendi örneğinde ikisi de geçer.',
  'kps.service.name':
    'Bileşik kütük; karşılaştırma burada yapılır: ölmüş olanı bilgisi tutmayandan ayırır. TumKutukDogrula ise yalnız doğrular.',
  'kps.service.version': 'Gerçek cevabı görülmüş en yeni sürüm.',
  'kps.renewEarlyS': 'Belirteç, bitmesine bu kadar kala yenilenir: önerilen 60 ile 120 saniye arasında.',
  'kps.timestampLifetimeS': 'Beş dakika: WCF’nin ürettiği gibi.',
  'kps.maxAnswerBytes':
    'Fotoğraflı bir cevap 200 KiB’ın altındadır; daha büyüğü bir saldırı ya da bir arızadır.',
  'kps.maxConcurrent':
    'Bütün süreç için aynı anda sorulan sorgu sayısı: her bağlantıya dört; gerisi kendi süresi içinde bekler.',
  'kps.breakerResetMinutes':
    'Parola reddedilince, biri bakana kadar hiçbir şey gönderilmez: yeniden denemek hesabı kilitleyebilir. Sayı yazılırsa o kadar dakika sonra yeniden denenir.',
} as const;
