/** Reasons of `database`, in Turkish. */
export const DATABASE = {
  'database.url':
    'Uygulama rolünün postgres:// adresi. İçinde parola bulunduğu için gizlidir. url ve embedded ayarlarından tam olarak biri yazılır.',
  'database.ownerUrl':
    'Tabloların sahibi olan ve şema geçişlerini (migration) çalıştıran rolün postgres:// adresi; kayıtları değiştiremeyen uygulama rolünden başkadır.',
  'database.embedded.directory':
    'Gömülü veritabanı sunucusunun verilerini tuttuğu klasör; yalnız sahibi girebilir.',
  'database.embedded.port':
    'Gömülü sunucunun sabit bağlantı noktası; yazılmazsa boş olan biri bir kez seçilir ve hatırlanır.',
  'database.maxConnections':
    'Kayıtlar toplu işlendiği için az bağlantı yeter; on bağlantı, sunucunun iki çekirdeğini sürekli çalıştırır.',
  'database.statementTimeoutMs':
    'Sorgu yolundaki bir komut milisaniyeler sürer; beş saniye, veritabanında sorun olduğunu gösterir ve çağıran bunu öğrenmelidir.',
  'database.connectTimeoutMs':
    'İstemcinin bekleme süresinden kısadır: veritabanı kapalıyken istek askıda kalmamalı, AUDIT_UNAVAILABLE cevabı dönmelidir.',
  'database.migrateOnStart':
    'Üretimde “bridge migrate” komutunu bir kişi çalıştırır; diğer ortamlarda başlangıçta kendiliğinden yapılır.',
} as const;
