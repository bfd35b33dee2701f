/** Reasons of `listeners`, in Turkish. */
export const LISTENERS = {
  'listeners.service.host':
    'Yalnız bu makinenin kendisi (loopback): biri açıkça yazmadıkça hiçbir şeye ağdan ulaşılamaz.',
  'listeners.service.port': 'HTTPS için yaygın olan ve root yetkisi istemeyen bağlantı noktası.',
  'listeners.service.certificate':
    'Sunucu sertifikası ve zinciri, PEM. Varsayılanı yoktur: bu kurulumun adını taşır.',
  'listeners.service.key': 'Sunucu sertifikasının özel anahtarı, PEM.',
  'listeners.service.clientCa':
    'İstemci sertifikalarına yalnız bu sertifika makamlarından geliyorsa bakılır, PEM. İşletim sisteminin listesi kullanılmaz: yoksa herkese sertifika veren herhangi bir makam yeterli olurdu.',
  'listeners.service.maxConnections':
    'Bağlantı havuzu olan birkaç KOOPBİS sunucusuna göredir; bu sayının üstünde yeni bağlantılar kapatılır, böylece bağlantılar belleği tüketemez.',
  'listeners.service.maxInFlight':
    'Aynı anda işlenen istek sayısı; KPS’ye aynı anda sorulanın iki katıdır. Fazlası görünmeden beklemez, OVERLOADED (aşırı yük) cevabını alır.',
  'listeners.service.requestTimeoutMs':
    'Bir isteğin bütünüyle alınması için süre; gövde en çok birkaç kilobayttır, bundan yavaşı “slow-loris” saldırısıdır.',
  'listeners.service.headersTimeoutMs':
    'Başlıkların alınması için süre; “slow-loris” saldırısına karşı requestTimeoutMs değerinden küçüktür.',
  'listeners.service.keepAliveTimeoutMs':
    'Yaygın yük dengeleyicilerin boş bağlantıları bıraktığı 60 saniyeden uzundur: önce onlar kapatır ve hiçbir istek kapanmakta olan bir bağlantıya rastlamaz.',
  'listeners.service.maxHeaderBytes': 'Node’un varsayılanıdır; bizim başlıklarımız 4 KiB’tan az yer tutar.',
  'listeners.service.maxBodyBytes':
    'Bir doğrulama isteği 1 KiB’ın altındadır; gerisi uzun adlara ve başvuru numaralarına paydır.',
  'listeners.service.drainMs':
    'Durdurulurken işlenmekte olan isteklerin ne kadar beklendiği; her sorgu niyetinin sonucu yazılsın diye limits.answerDeadlineMs değerinden uzundur.',
  'listeners.web.host':
    'Yalnız bu makinenin kendisi (loopback): biri açıkça yazmadıkça hiçbir şeye ağdan ulaşılamaz.',
  'listeners.web.port': 'Servisin bağlantı noktasının hemen yanındaki.',
  'listeners.web.certificate':
    'Sunucu sertifikası ve zinciri, PEM. Tarayıcılar bunu görür: tanıdıkları bir sertifika makamından alınmış olmalıdır.',
  'listeners.web.key': 'Sunucu sertifikasının özel anahtarı, PEM.',
  'listeners.web.maxConnections':
    'Bu sayının üstünde yeni bağlantılar kapatılır, böylece bağlantılar belleği tüketemez.',
  'listeners.web.requestTimeoutMs':
    'Bir isteğin bütünüyle alınması için süre; bundan yavaşı “slow-loris” saldırısıdır.',
  'listeners.ops.host':
    'Parolasız, düz HTTP’dir: işletmeye ayrılmış kapalı bir ağ yoksa yalnız bu makinenin kendisi (loopback).',
  'listeners.ops.port': 'Bu türden Prometheus ölçüm sunucularının kullandığı bağlantı noktası.',
} as const;
