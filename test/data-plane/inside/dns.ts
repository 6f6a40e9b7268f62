// Every name has an address of its own, so that a site knows by which name it was dialled.
import { answerDns } from '../../kit/network/dns.ts';

const byName = new Map<string, string>();
const byAddress = new Map<string, string>();

/** Without another, from the block for documentation and tests of carriers: no mesh of ours lists it. */
function addressOf(name: string): string {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const next = byName.size + 1;
  return nameAddress(name, `100.64.${next >> 8}.${next & 0xff}`);
}

export function nameAddress(name: string, address: string): string {
  byName.set(name, address);
  byAddress.set(address, name);
  return address;
}

/** The name, or the address itself where it stands for none. */
export function nameAt(address: string): string {
  return byAddress.get(address) ?? address;
}

/** `before`: what is to be done before somebody is told the address. */
export function serveDns(before: (address: string) => Promise<void>): Promise<void> {
  const find = async (name: string): Promise<string> => {
    const address = addressOf(name);
    await before(address);
    return address;
  };
  return answerDns('0.0.0.0', { find, keep: 60 });
}
