import ipaddr from 'ipaddr.js';

/** Where IPv6 unicast is given out; everything else is special or unassigned (RFC 4291, IANA). */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');
/** Forms that carry an IPv4 address, and protocols of the IETF, inside of it. */
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map((range) => ipaddr.parseCIDR(range));

/** True for an address that belongs to a host of the public internet: no private, local, special or embedded one. */
export function isPublicAddress(text: string): boolean {
  if (text.includes('%') || !ipaddr.isValid(text)) return false; // a zone names a link
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false; // ::ffff:a.b.c.d is ipv4Mapped
  if (address.kind() === 'ipv4') return true;
  return address.match(GLOBAL_V6) && !SPECIAL_V6.some((range) => address.match(range));
}
