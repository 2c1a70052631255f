import { describe, expect, it } from 'vitest'
import {
  hostOf,
  mayBePlainHttp,
  mayLeadTo,
  type Reach,
  reachOfAddress,
  reachOfHost,
} from '../../../../scripts/lib/model/internet/address.ts'

describe('where a host leads', () => {
  it.each<[Reach, readonly string[]]>([
    [
      'loopback',
      [
        '127.0.0.1',
        '127.255.0.9:5000',
        '127.1',
        '0x7f.1',
        '0177.0.0.1',
        '2130706433',
        '017700000001',
        '0x7f000001',
        '127.0.0.1.',
        '１２７.0.0.1',
        '[::1]',
        '[::1]:5000',
        '[0:0:0:0:0:0:0:1]',
        '[::ffff:127.0.0.1]',
        '[::ffff:7f00:1]',
        '[::127.0.0.1]',
        '[::ffff:0:127.0.0.1]',
        '[64:ff9b::127.0.0.1]',
        '[2002:7f00:1::]',
        'localhost',
        'LOCALHOST.',
        'registry.localhost:5000',
      ],
    ],
    [
      'link-local',
      [
        '[fd00:ec2::254]',
        '[fd00:ec2::23]',
        '[fd20:ce::254]',
        '100.100.100.200',
        '169.254.169.254',
        '169.254.170.2:80',
        '2852039166',
        '0xa9.0xfe.0xa9.0xfe',
        '[fe80::1]',
        '[febf::1]',
        '[::ffff:169.254.169.254]',
        '[64:ff9b::a9fe:a9fe]',
        'metadata.google.internal',
        'metadata.google.internal.',
        'instance-data',
        '168.63.129.16',
      ],
    ],
    [
      'site',
      [
        '10.0.0.1',
        '10.1',
        '172.16.0.1:443',
        '172.31.255.255',
        '192.168.1.1',
        '100.64.0.1',
        '100.127.255.255',
        '198.18.0.1',
        '[fc00::1]',
        '[fd00:ec3::254]',
        '[fec0::1]',
        '[::ffff:10.0.0.1]',
        '[64:ff9b:1::1]',
        '[2002:a00:1::]',
      ],
    ],
    [
      'special',
      [
        '0.0.0.0',
        '0',
        '192.0.2.1',
        '198.51.100.7',
        '203.0.113.9',
        '224.0.0.1',
        '240.0.0.1',
        '255.255.255.255',
        '[::]',
        '[ff02::1]',
        '[2001:db8::1]',
        '[2001::1]',
        '[100::1]',
        '[4000::1]',
        'a b',
        'host:99999',
        'user@host',
        'host/path',
      ],
    ],
    [
      'global',
      [
        '8.8.8.8',
        '9.255.255.255',
        '11.0.0.1',
        '172.15.255.255',
        '172.32.0.1',
        '192.167.1.1',
        '100.63.0.1',
        '100.128.0.1',
        '[2606:4700::1111]',
        '[::ffff:8.8.8.8]',
        '10.evil.example',
        '10.0.0.1.evil.example',
        '127.0.0.1.evil.example',
        '192.168.evil.example:443',
        'localhost.evil.example',
        'evil-localhost',
        'quay.io',
      ],
    ],
  ])('%s', (reach, hosts) => {
    for (const host of hosts) expect([host, reachOfHost(host)]).toEqual([host, reach])
  })

  it.each([
    ['127.0.0.1', 'loopback'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['10.0.0.1', 'site'],
    ['8.8.8.8', 'global'],
    ['localhost', undefined],
    ['', undefined],
  ])('the address %s of a connection: %s', (address, reach) => {
    expect(reachOfAddress(address)).toBe(reach)
  })

  it.each([
    ['QUAY.io:443', 'quay.io'],
    ['[::1]:5', '::1'],
    ['0x7f.1', '127.0.0.1'],
    ['bücher.example.', 'xn--bcher-kva.example'],
    ['a@b', undefined],
    ['a/b', undefined],
    ['', undefined],
  ])('the host of %j is %s', (authority, host) => {
    expect(hostOf(authority)).toBe(host)
  })
})

it('nothing leads farther in than where it stands', () => {
  const all: readonly Reach[] = ['global', 'site', 'loopback', 'link-local', 'special']
  const allowed = all.map((from) => [from, all.filter((to) => mayLeadTo(from, to))])
  expect(Object.fromEntries(allowed)).toEqual({
    global: ['global'],
    site: ['global', 'site'],
    loopback: ['global', 'site', 'loopback'],
    'link-local': ['global'],
    special: ['global'],
  })
})

it('registries may speak plain HTTP where crane does', () => {
  const plain = ['localhost:5000', 'a.localhost', 'a.localhost:5', '127.0.0.1', '127.0.0.1:5000']
  const plainToo = ['[::1]:5000', '10.0.0.1', '10.0.0.1:5000', '172.16.0.1', '192.168.0.1:80']
  const secure = ['quay.io', '10.evil.example', '127.0.0.1.evil.example', '172.15.0.1']
  const secureToo = ['127.0.0.2:5000', '169.254.169.254', '100.64.0.1', 'localhost.evil.example:5']
  for (const host of [...plain, ...plainToo])
    expect([host, mayBePlainHttp(host)]).toEqual([host, true])
  for (const host of [...secure, ...secureToo])
    expect([host, mayBePlainHttp(host)]).toEqual([host, false])
})
