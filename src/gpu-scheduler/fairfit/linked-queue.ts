/** Links of a member; a member is in at most one queue at a time. */
export interface Linked<T> {
  prev: T | null;
  next: T | null;
}

/** Doubly linked queue: every change is O(1), also a removal from the middle. */
export class LinkedQueue<T extends Linked<T>> {
  head: T | null = null;
  tail: T | null = null;
  length = 0;

  pushBack(member: T): void {
    member.prev = this.tail;
    member.next = null;
    if (this.tail) this.tail.next = member;
    else this.head = member;
    this.tail = member;
    this.length += 1;
  }

  pushFront(member: T): void {
    member.prev = null;
    member.next = this.head;
    if (this.head) this.head.prev = member;
    else this.tail = member;
    this.head = member;
    this.length += 1;
  }

  /** The member must be in this queue. */
  remove(member: T): void {
    if (member.prev) member.prev.next = member.next;
    else this.head = member.next;
    if (member.next) member.next.prev = member.prev;
    else this.tail = member.prev;
    member.prev = null;
    member.next = null;
    this.length -= 1;
  }

  /** From head to tail. Do not change the queue meanwhile. */
  *[Symbol.iterator](): Generator<T> {
    for (let member = this.head; member; member = member.next) yield member;
  }
}
