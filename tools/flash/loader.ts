import { crc32 } from "../../src/util/crc32"

/** Programs; their files stay where they are, and the one that runs is never written to. */
export const SLOTS = ["mw.1", "mw.2"]
/** Records of what boots. They take turns like the settings files do. */
export const RECORDS = ["mw.x", "mw.y"]

/** Room for three trials and a confirmation behind a record. The chip writes flash in words of 4 bytes. */
export const MARKS_BYTES = 16
/** A program that has an older one behind it has one try; the first on a board may be unplugged in its first minute. */
const TRIES_OF_A_FIRST = 3
/** A program that is alive after this has come up, if nobody said so before. */
export const TRIAL_MS = 60_000
/** For the last words of a program that failed to leave the chip. */
const LAST_WORDS_MS = 500

/** While and after the program is read the chip has this global: the record's sequence, negative until it was read to its end. */
export const STATE = 'global["mw."]'

/** One record: a program with its settings. They change together, and go back together. */
export interface BootRecord {
  sequence: number
  slot: string
  bytes: number
  crc: number
  /** The settings file that it is for, and what stands in it. */
  settingsFile: string
  settings: string
}

/** `<CRC-32 of the rest> <sequence> <slot> <bytes> <CRC-32> <settings file> <dashes up to a multiple of 4> <settings>`. */
export function encodeRecord({ sequence, slot, bytes, crc, settingsFile, settings }: BootRecord): string {
  for (let pad = "-"; ; pad += "-") {
    const body = `${sequence} ${slot} ${bytes} ${crc} ${settingsFile} ${pad} ${settings}`
    const text = `${crc32(body)} ${body}`
    if (text.length % 4 === 0) return text
  }
}

/**
 * What a record's file tells the loader and motewire: nothing when it is torn, or its program is. Everything stays on the
 * chip: settings hold passwords.
 */
export const LOOK =
  "function(n){" +
  'var S=require("Storage"),f=S.read(n)||"",p=f.length-16,a=f.indexOf(" "),h=f.substr(a+1,99).split(" ").slice(0,6),c=S.read(h[1]||"mw.1");' +
  'if(a>0&&p>a&&f.substr(0,a)===""+E.CRC32(f.substring(a+1,p))&&c&&c.length==+h[2]&&""+E.CRC32(c)===h[3])' +
  'return{n:n,q:+h[0],s:h[1],b:+h[2],c:h[3],f:h[4],o:f.substring(a+h.join(" ").length+2,p),p:p,' +
  'k:f.indexOf("kkkk",p)>0,t:f.substr(p).split("tttt").length-1}}'

/** What STATE is made before a restart: who still hears it has lost the restart on its way. */
export const BEFORE_RESTART = "old"

/** Writes a mark into the first free word behind a record that LOOK gave. */
const MARK = 'function(r,m){var S=require("Storage");S.write(r.n,m,S.read(r.n).indexOf("\\xff",r.p))}'

/**
 * .bootcde: runs the newest whole program from its slot. It is tried once, and where that does not end well the one before
 * it runs again, with the settings that it had. What stands below the function is on the top level, so that a program has the
 * whole stack, and an error in it its own trace.
 */
export const LOADER =
  "eval(function(){" +
  `var L=${LOOK},M=${MARK},S=require("Storage"),` +
  `x=L("${RECORDS[0]}"),y=L("${RECORDS[1]}"),z,n;` +
  "if(!x||y&&y.q>x.q){z=x;x=y;y=z}" +
  // Without a program to go back to there is nothing to lose by another try.
  `if(x&&!x.k&&x.t>=(y?1:${TRIES_OF_A_FIRST})){` +
  "if(S.read(x.f)===x.o)S.erase(x.f);" +
  'print("motewire: the new program did not come up"+(y?"; back to the one before it":""));x=y}' +
  `${STATE}=x?-x.q:0;` +
  'if(!x)return"";' +
  `if(!x.k&&x.t<${TRIES_OF_A_FIRST}){S.write(x.f,x.o);M(x,"tttt");n=x.n;` +
  `E.enableWatchdog(${TRIAL_MS / 1000});` +
  `setTimeout(function(){if(${STATE}<0)E.reboot()},${LAST_WORDS_MS});` +
  `setTimeout(function(){var r=L(n);if(r&&r.q===${STATE}&&!r.k)M(r,"kkkk")},${TRIAL_MS})}` +
  "return S.read(x.s)" +
  `}());${STATE}=-${STATE}`
