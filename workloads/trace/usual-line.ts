// Reads the usual line without a regular expression and without making strings, for speed:
//
//   COMM-PID [(TGID)] [CPU] [FLAGS] TIME: [sched:]sched_switch: prev_comm=... ==> next_comm=... next_pid=PID next_prio=N
//
// What it reads is what the grammar of a line reads too; it leaves everything else to that.
import type { PutState } from './switch-log.js';
import { type Header, stateOf } from './trace-line.js';

const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const MINUS = 45;
const DOT = 46;
const COLON = 58;
const BRACKET = 91;
const BRACKET_END = 93;

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const SCHED = bytesOf('sched:');
const SCHED_SWITCH = bytesOf('sched_switch: ');
const PREV_COMM = bytesOf('prev_comm=');
const PREV_PID = bytesOf(' prev_pid=');
const PREV_PRIO = bytesOf(' prev_prio=');
const PREV_STATE = bytesOf(' prev_state=');
const NEXT_COMM = bytesOf(' ==> next_comm=');
const NEXT_PID = bytesOf(' next_pid=');
const NEXT_PRIO = bytesOf(' next_prio=');

/** Most bytes of a comm, of flags, and of a state. */
const COMM_BYTES = 15;
const FLAGS_BYTES = 8;
const STATE_BYTES = 2;

/** The character of each byte. */
const ONE_BYTE = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/** A usual line. */
export class UsualLine implements Header {
  tid = 0;
  tgid: number | null = null;
  cpu = 0;
  time = 0;
  isTicks = false;
  /** Where the event's name begins. */
  name = 0;

  /** Where the payload of a switch begins, which may be an unusual one; -1 if it is no switch. */
  payload = -1;
  /** Of a switch: the threads, where their comms are, and the state. */
  prevTid = 0;
  prevFrom = 0;
  prevEnd = 0;
  state: PutState = 'R';
  nextTid = 0;
  nextFrom = 0;
  nextEnd = 0;

  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  /** The number that was read last. */
  #number = 0;

  /** Reads the header of the line in `bytes` from `start` to `end`. @returns Whether it is the usual one. */
  readHeader(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#end = end;
    let bracket = start;
    while (bracket < end && bytes[bracket] !== BRACKET) bracket++;
    return bracket < end && this.#readTask(start, bracket) && this.#readTime(bracket + 1);
  }

  /** Reads the switch that follows the header. @returns Whether there is the usual one, up to the end of the line. */
  readSwitch(): boolean {
    const from = this.#label(SCHED, this.name);
    this.payload = this.#label(SCHED_SWITCH, from === -1 ? this.name : from);
    this.prevFrom = this.#label(PREV_COMM, this.payload);
    if (this.prevFrom === -1) return false;
    this.prevEnd = this.#find(PREV_PID, this.prevFrom, COMM_BYTES);
    let at = this.#field(PREV_PID, this.prevEnd);
    this.prevTid = this.#number;
    at = this.#field(PREV_PRIO, at);
    const stateFrom = this.#label(PREV_STATE, at);
    const stateEnd = this.#find(NEXT_COMM, stateFrom, STATE_BYTES);
    if (stateEnd === stateFrom) return false;
    const state = this.#bytes[stateFrom] as number;
    this.state =
      stateEnd - stateFrom === 1
        ? stateOf(ONE_BYTE[state] as string)
        : stateOf(`${ONE_BYTE[state]}${ONE_BYTE[this.#bytes[stateFrom + 1] as number]}`);
    this.nextFrom = this.#label(NEXT_COMM, stateEnd);
    this.nextEnd = this.#find(NEXT_PID, this.nextFrom, COMM_BYTES);
    at = this.#field(NEXT_PID, this.nextEnd);
    this.nextTid = this.#number;
    return this.#field(NEXT_PRIO, at) === this.#end;
  }

  /** Where the next colon with a blank behind it is in the line; null if there is none. */
  colonAfter(from: number): number | null {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = from;
    while (at < end && (bytes[at] !== COLON || bytes[at + 1] !== SPACE)) at++;
    return at < end ? at : null;
  }

  #readTask(start: number, bracket: number): boolean {
    const bytes = this.#bytes;
    let at = this.#spacesBefore(bracket, start);
    if (at === bracket || at === start) return false;
    this.tgid = null;
    if (bytes[at - 1] === CLOSE) {
      let open = at - 2;
      while (open > start && bytes[open] !== OPEN) open--;
      const digits = this.#spaces(open + 1);
      if (this.#digits(digits) === at - 1 && digits < at - 1)
        this.tgid = this.#number > 0 ? this.#number : null;
      else if (bytes[open + 1] !== MINUS) return false;
      at = this.#spacesBefore(open, start);
      if (at === open) return false;
    }
    const tidEnd = at;
    while (at > start && isDigit(bytes[at - 1] as number)) at--;
    if (at === tidEnd || tidEnd - at > 7 || at === start) return false;
    if (bytes[at - 1] !== MINUS && bytes[at - 1] !== SPACE) return false;
    this.#digits(at);
    this.tid = this.#number;
    return true;
  }

  #readTime(from: number): boolean {
    const bytes = this.#bytes;
    let at = this.#digits(from);
    this.cpu = this.#number;
    if (at === from || at - from > 5 || bytes[at] !== BRACKET_END) return false;
    at = this.#spaces(at + 1);
    let digitsEnd = this.#digits(at);
    if (digitsEnd === at) {
      const flags = at;
      while (at < this.#end && bytes[at] !== SPACE) {
        if (bytes[at] === BRACKET || bytes[at] === BRACKET_END) return false;
        at++;
      }
      if (at - flags > FLAGS_BYTES || bytes[at - 1] === COLON) return false;
      at = this.#spaces(at);
      digitsEnd = this.#digits(at);
      if (digitsEnd === at) return false;
    }
    this.time = this.#number;
    this.isTicks = bytes[digitsEnd] !== DOT;
    if (!this.isTicks) {
      const decimals = digitsEnd + 1;
      digitsEnd = this.#digits(decimals);
      const isMicroseconds = digitsEnd - decimals === 6;
      if (!isMicroseconds && digitsEnd - decimals !== 9) return false;
      this.time = this.time * 1e9 + this.#number * (isMicroseconds ? 1e3 : 1);
    }
    if (bytes[digitsEnd] !== COLON || bytes[digitsEnd + 1] !== SPACE) return false;
    this.name = this.#spaces(digitsEnd + 1);
    return this.name < this.#end;
  }

  /** Where a label begins, at most `most` bytes after `from`; -1 if it does not, or if there is no `from`. */
  #find(label: Uint8Array, from: number, most: number): number {
    if (from === -1) return -1;
    for (let at = from; at <= from + most; at++) {
      if (this.#bytes[at] === SPACE && this.#label(label, at) !== -1) return at;
    }
    return -1;
  }

  /** Where a label at `at` ends; -1 if it is not there. */
  #label(label: Uint8Array, at: number): number {
    if (at === -1) return -1;
    const bytes = this.#bytes;
    for (let index = 0; index < label.length; index++) {
      if (bytes[at + index] !== label[index]) return -1;
    }
    return at + label.length;
  }

  /** Where the digits after a label at `at` end; -1 if they are not there. */
  #field(label: Uint8Array, at: number): number {
    const from = this.#label(label, at);
    if (from === -1) return -1;
    const end = this.#digits(from);
    return end === from ? -1 : end;
  }

  #digits(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    let number = 0;
    for (let byte = bytes[at] as number; isDigit(byte); byte = bytes[++at] as number) {
      number = number * 10 + byte - 48;
    }
    this.#number = number;
    return at;
  }

  #spaces(from: number): number {
    let at = from;
    while (this.#bytes[at] === SPACE) at++;
    return at;
  }

  #spacesBefore(end: number, start: number): number {
    let at = end;
    while (at > start && this.#bytes[at - 1] === SPACE) at--;
    return at;
  }
}
