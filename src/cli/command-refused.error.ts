/** A command that cannot be done as it was given; the message is for the person at the terminal. */
export class CommandRefusedError extends Error {}
