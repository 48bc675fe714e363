import { isoNow, SUCCESS, stageItem } from './sample-job.mjs';

/** How the transitions of a job are grouped into commits between its claim and its end. */
export const GROUPING = {
  /** A job that is longer than a flush: started, prepare and batch are committed while it runs. */
  oneFlush: [['prepare', 'batch']],
  /** Every stage is committed, and so shown, before the next begins. */
  everyStage: [['prepare'], ['batch'], ['infer'], ['interpret']],
  /** A job that is shorter than a flush: everything goes with its end. */
  none: [],
};
const STAGES = ['prepare', 'batch', 'infer', 'interpret'];

/** Takes the place of JobRunner: the same journal, the same recorder, an engine that does nothing. */
export class NoOpRunner {
  /** Called with the id of each job whose end is committed. */
  ended = () => undefined;

  constructor(journals, recorder, groups) {
    this.journals = journals;
    this.recorder = recorder;
    this.groups = groups;
    this.last = STAGES.filter((stage) => !groups.flat().includes(stage));
  }

  async run(claim) {
    const journal = this.journals.open(claim);
    const committed = tellsOfCommits(journal, (count) => this.noteCommit(journal, count));
    for (const group of this.groups) {
      for (const stage of group) journal.append(stageItem(stage));
      const next = committed();
      this.recorder.touch(journal);
      await next;
    }
    for (const stage of this.last) journal.append(stageItem(stage));
    journal.closeWith(SUCCESS, { type: 'job.succeeded', at: isoNow() });
    this.recorder.touch(journal);
    const isCommitted = await journal.done;
    this.journals.forget(journal);
    if (!isCommitted) throw new Error(`job ${claim.jobId} was lost to another worker`);
    this.ended(claim.jobId);
  }

  /** Called right after the commit of `count` transitions, the first of which is `journal.nextSeq`. */
  noteCommit() {}
}

/** Makes the runner of a pipeline. */
export const noOpRunner = (groups) => (journals, recorder) => new NoOpRunner(journals, recorder, groups);

/** Calls `note` at each commit of the journal; the function that it returns gives a promise of the next one. */
function tellsOfCommits(journal, note) {
  const { written } = journal;
  let resolve = () => undefined;
  journal.written = (count) => {
    note(count);
    written.call(journal, count);
    resolve();
  };
  return () => new Promise((done) => (resolve = done));
}
