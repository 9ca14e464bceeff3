// An address of Postgres may name several hosts (`postgres://one:5432,two:5432/darkroom`), which is no URL.
const SEVERAL_HOSTS = /^(\w+:\/\/(?:[^@/?]*@)?)([^@/?]*,[^@/?]*)((?:[/?].*)?)$/s
const ONE_HOST = 'several-hosts.invalid'

/** Changes parts of an address of Postgres, other than its host. @throws TypeError when it is no address */
export function editDatabaseUrl(address: string, edit: (url: URL) => void): string {
  const [, start = address, hosts = '', end = ''] = SEVERAL_HOSTS.exec(address) ?? []
  const url = new URL(hosts ? start + ONE_HOST + end : address)
  edit(url)
  return hosts ? url.href.replace(ONE_HOST, hosts) : url.href
}
