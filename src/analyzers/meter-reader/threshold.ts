/** Default threshold: the value that did best on the validation stream, see the model's card. */
export const DEFAULT_THRESHOLD = 0.6;
