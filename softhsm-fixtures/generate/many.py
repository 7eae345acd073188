# SPDX-License-Identifier: MIT
"""many.py - set `many`: 200 clients with names in many scripts, their certificates on one token, and their requests.

Their 200 keys would be larger than all else here, so they are computed: a prime is the first one from a number on that
depends on the client only, and keys/test-many.txt says how far.  It is as public as a key in a file.
"""
import der
import sets
import store

# Ten names of each: five first names, two family names.
NAMES = (
    ('Anna Boris Clara Dieter Emil', 'Müller Weiß'), ('Zofia Łukasz Wanda Świętosław Jerzy', 'Wójcik Żak'),
    ('An Bình Châu Đức Hương', 'Nguyễn Trần'), ('Ayşe İbrahim Çağla Işıl Ömer', 'Yılmaz Öztürk'),
    ('Þóra Guðrún Ægir Björk Dagný', 'Jónsdóttir Þórsdóttir'), ('Άννα Βασίλης Γιώργος Δήμητρα Ελένη', 'Παπαδόπουλος Νικολάου'),
    ('Анна Борис Вера Григорий Дарья', 'Иванова Щукина'), ('Олексій Ґалина Євген Їжак Юлія', 'Шевченко Коваль'),
    ('Անի Բագրատ Գայանե Դավիթ Եվա', 'Պետրոսյան Սարգսյան'), ('ანა ბექა გიორგი დავით ეკა', 'ბერიძე კაპანაძე'),
    ('אביגיל בנימין גדעון דנה הדס', 'כהן לוי'), ('أمينة باسم تقي ثريا جميل', 'حداد نجار'),
    ('अनिल भावना चेतन दीपा गीता', 'शर्मा वर्मा'), ('অনিতা বিমল চন্দন দীপা গৌতম', 'দাস সেন'),
    ('அனிதா பாலு சந்திரன் தீபா கமலா', 'குமார் ராஜன்'), ('กนก ขวัญ จันทร์ ชาติ ดวง', 'ใจดี สุขใจ'),
    ('민준 서연 지우 하은 도윤', '김 이'), ('アキラ ハルカ ケンジ ミドリ サクラ', 'タナカ スズキ'),
    ('伟 芳 娜 敏 静', '王 李'), ('አበበ በላይ ገነት ደስታ ሀና', 'ተስፋዬ መኮንን'))


def names():
    return [f'{first} {family}' for firsts, families in NAMES for family in families.split() for first in firsts.split()]


def prime_base(label):
    """An odd number of 1024 bits whose two highest are set, so that the modulus has 2048."""
    return int.from_bytes(store.fixed('prime ' + label, 128), 'big') | 3 << 1022 | 1


def keys():
    lines = [line for line in (sets.KEYS / 'test-many.txt').read_text().splitlines() if not line.startswith('#')]
    for i, line in enumerate(lines, 1):
        p, q = (prime_base(f'many {i} {half}') + 2 * int(count) for half, count in zip('pq', line.split()))
        yield der.RsaKey(max(p, q), min(p, q))


def many():
    made = sets.Set('many')
    root = sets.key('many-root')
    token = made.token('many-root', 'root', 'the root of the 200 clients')
    made.pair(token, b'\1', 'root', root)
    made.certificate(token, b'\1', 'root', made.root('root', root))
    token = made.token('many-certificates', 'certificates', 'the certificates of 200 clients')
    listed = ['cn,device,token\n']
    for i, (name, key) in enumerate(zip(names(), keys()), 1):
        subject = sets.subject(name)
        data = der.certificate(der.serial(f'many {i}'), subject, key, sets.subject('root'), root, sets.VALID,
                               der.client_extensions(key, root))
        made.certificate(token, i.to_bytes(2, 'big'), name, data)
        made.files[f'files/{i:03}.der'] = data
        made.files[f'files/{i:03}.csr.der'] = der.request(subject, key)
        listed.append(f'{name},,card{i:03}\n')
    made.files['files/names.csv'] = ''.join(listed).encode()
    return made
