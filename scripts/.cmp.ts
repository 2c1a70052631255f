import { readFileSync } from 'node:fs'
import { resolveAsHelm, keyAsHelm } from './lib/sources/yaml/helm-scalar.ts'
const sc = readFileSync('/tmp/hx/sc.txt','utf8').split('\n')
const out = readFileSync('/tmp/hx/out.txt','utf8').match(/\d+:[A-Za-z0-9+/=]+/g)!.map(x => x.split(':')[1]!).map(b => JSON.parse(Buffer.from(b,'base64').toString())[0])
sc.forEach((s, i) => { const r = resolveAsHelm(s); const h = out[i]; const ok = 'Error' in h ? (typeof r === 'number' && !Number.isFinite(r)) : JSON.stringify(h.a) === JSON.stringify(r)
 if (!ok) console.log('VALUE', s, JSON.stringify(r), JSON.stringify(h)) })
sc.forEach((s, i) => { const r = keyAsHelm(s); const h = out[i+sc.length]; const hk = Object.keys(h)[0]; const ok = 'Error' in h ? r === undefined : hk === r
 if (!ok) console.log('KEY', s, JSON.stringify(r), JSON.stringify(h)) })
