/** Reasons of `clients`, in Turkish. */
export const CLIENTS = {
  clients: 'Kayıtlı istemciler (köprüyü çağıran servisler); varsayılan olarak hiç kimse.',
  'clients[].id': 'Çağıran servisin adı; denetim kayıtlarında ve ölçümlerde yazar.',
  'clients[].institution': 'Servisi işleten kurum, kayıtlarda yazacağı biçimde.',
  'clients[].account':
    'Sorgularının yapıldığı ve ücretlendirildiği KPS hesabı; KPS’ye hiçbir şey sormayan servislerde null.',
  'clients[].certificates':
    'İstemci sertifikalarının SHA-256 parmak izleri; biri yenilenirken iki tane olur. Aynı makamdan verilmiş olsa da listede bulunmayan sertifika kimseyi tanıtmaz.',
  'clients[].sourceAddresses': 'Gelebileceği ağlar (CIDR): böylece çalınan bir anahtar tek başına yetmez.',
  'clients[].permissions': 'Neleri çağırabileceği. Varsayılanı yoktur: her hak tek tek yazılır.',
  'clients[].requestsPerMinute':
    'Saniyede 100: çalışma saatlerinde beklenen yükün on katı; denetimden çıkmış bir döngü burada durur.',
  'clients[].webhook.url': 'Yetki olaylarının imzalı olarak (Standard Webhooks) gönderildiği adres.',
  'clients[].webhook.secret': '“whsec_” ve ardından base64 ile 24–64 bayt; iki taraf da bilir.',
  'clients[].webhook.privateAddresses':
    'Alıcının bulunabileceği özel ağlar; bunların dışındaki hiçbir özel adrese bir şey gönderilmez.',
  'clients[].webhook.extraCa':
    'Alıcının sertifikası için işletim sisteminin listesine ek olarak güvenilen sertifika makamları, PEM.',
  'clients[].signIn.name': 'Uygulamanın, kişilerin sayfalarda gördüğü adı.',
  'clients[].signIn.redirectUris': 'Giriş kodunun gönderilebileceği adresler; harfi harfine karşılaştırılır.',
  'clients[].signIn.postLogoutRedirectUris':
    'Çıkıştan sonra kişinin gönderilebileceği adresler; harfi harfine karşılaştırılır.',
  'clients[].signIn.backChannelLogoutUri':
    'Bir oturum bitince haber verilen adres (OpenID Connect Back-Channel Logout).',
  'clients[].signIn.extraCa':
    'Uygulamanın kendi sunucusunun sertifikası için işletim sisteminin listesine ek olarak güvenilen sertifika makamları, PEM.',
  'clients[].signIn.initiateLoginUri':
    'Uygulamanın girişi kendisinin başlattığı adres (OpenID Connect Core §4).',
  'clients[].signIn.authentication':
    'Kayıtlı sertifikasıyla kimliğini doğrular; private_key_jwt için de sertifika gerekir, çünkü belirteç ona bağlanır.',
  'clients[].signIn.jwks': 'private_key_jwt için açık anahtarlar, JSON (RFC 7517).',
  'clients[].signIn.scopes':
    '“kimlik” numarayı ve adları verir: yalnız bunları bilmesi gereken uygulamalara.',
} as const;
