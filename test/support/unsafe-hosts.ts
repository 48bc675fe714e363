/** IPv4 addresses that nobody outside may lead us to: one of each special range. */
export const UNSAFE_V4 = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '169.254.170.2',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
];

const OWN_V6 = [
  '::',
  '::1',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '100::1',
  '2001:db8::1',
  '2001::1',
  '2001:10::1',
  '2001:20::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  '8000::1',
  'e000::1',
];

const bytesOf = (v4: string) => v4.split('.').map(Number) as [number, number, number, number];
const hex = (n: number, width = 2) => n.toString(16).padStart(width, '0');
const words = (v4: string) => {
  const [a, b, c, d] = bytesOf(v4);
  return `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
};

/** IPv6 forms that carry an IPv4 address: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP-like local. */
export function embedding(v4: string): string[] {
  const inverted = bytesOf(v4)
    .map((byte) => 255 - byte)
    .join('.');
  return [
    `::ffff:${v4}`,
    `::ffff:${words(v4)}`,
    `::${v4}`,
    `::ffff:0:${words(v4)}`,
    `64:ff9b::${words(v4)}`,
    `64:ff9b:1::${words(v4)}`,
    `2002:${words(v4)}::`,
    `2001:0:1::${words(inverted)}`,
  ];
}

/** Addresses, as a resolver would give them. */
export const UNSAFE_ADDRESSES: readonly string[] = [...UNSAFE_V4, ...OWN_V6, ...UNSAFE_V4.flatMap(embedding)];

/** Spellings of an IPv4 host that URL parsers or C libraries take for the same address. */
function spellings(v4: string): string[] {
  const [a, b, c, d] = bytesOf(v4);
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const wide = v4.replaceAll('.', '。').replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  return [
    v4,
    `${v4}.`,
    String(whole),
    `0x${hex(whole, 8)}`,
    `0${whole.toString(8)}`,
    [a, b, c, d].map((n) => `0x${hex(n)}`).join('.'),
    [a, b, c, d].map((n) => `0${n.toString(8)}`).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    wide,
    v4.replaceAll('.', '%2e'),
  ];
}

const NAMES = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.localhost',
  'ⓛocalhost',
  'ｌｏｃａｌｈｏｓｔ',
  'localhost.localdomain',
  'metadata.google.internal',
  'METADATA.google.internal.',
  'instance-data',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc.cluster.local',
  'redis',
  'router.lan',
  'printer.home',
  'nas.home.arpa',
  'db.corp',
  'wiki.intranet',
  'x.private',
  'x.test',
  'x.invalid',
  'x.onion',
  '1.0.0.127.in-addr.arpa',
  'a..com',
  '-a.com',
  'a-.com',
  '.com',
  'com',
  'a.com-',
  'a.1',
];

/** Whole URLs, none of which may be used; written in every way that has fooled a guard somewhere. */
export const UNSAFE_URLS: readonly string[] = [
  ...UNSAFE_V4.slice(0, 16)
    .flatMap(spellings)
    .map((host) => `https://${host}/`),
  ...[...OWN_V6, ...UNSAFE_V4.slice(0, 8).flatMap(embedding)].map((host) => `https://[${host}]/`),
  ...NAMES.map((host) => `https://${host}/`),
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/', // even public addresses: only names
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://example.com:70/',
  'data:text/plain,a',
  'blob:https://example.com/x',
  'javascript:alert(1)',
  'ws://example.com/',
  'unix:/var/run/docker.sock',
  'example.com',
  '//example.com/',
  '/etc/passwd',
  '',
  ' ',
  'https://',
  'https:///',
  'https://user@example.com/',
  'https://user:pass@example.com/',
  'https://:pass@example.com/',
  'https://example.com@127.0.0.1/',
  'https://127.0.0.1#@example.com/',
  'https://127.0.0.1\\@example.com/',
  'https://example.com:22/',
  'https://example.com:80/',
  'https://example.com:6379/',
  'https://example.com:65536/',
  'https://example.com:0/',
  'https://exa mple.com/',
  'https://example.com\u0000.evil.com/',
  `https://example.com/${'a'.repeat(2_048)}`,
];
