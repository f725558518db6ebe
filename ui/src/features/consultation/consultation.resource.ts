import { commands, type ConsentRequest, events, type NoteEdit, type RecorderEvent, type Stage } from "../../bindings.gen";
import { call } from "../../lib/call";

export type {
  AddendumView, AudioDevice, ConsentDecision, ConsentRequest, ConsentView, EncounterView, Evidence, Gap, NoteEdit, NoteSection, NoteSentence, NoteView, OmissionView, RecorderEvent, RecordingStatus, RecordingView, StatusView, TranscriptView, Turn,
} from "../../bindings.gen";

export const openEncounter = (encounterId: string) => call(commands.openEncounter(encounterId));
export const setStage = (encounterId: string, stage: Stage) => call(commands.setStage(encounterId, stage));
export const recordConsent = (request: ConsentRequest) => call(commands.recordConsent(request));

export const audioDevices = () => call(commands.audioDevices());
export const startRecording = (encounterId: string, deviceId: string | null) => call(commands.startRecording(encounterId, deviceId));
export const pauseRecording = () => call(commands.pauseRecording());
export const resumeRecording = () => call(commands.resumeRecording());
export const stopRecording = () => call(commands.stopRecording());
export const recoveredRecordings = () => call(commands.recoveredRecordings());
export const recoverRecording = (id: string) => call(commands.recoverRecording(id));
export const discardRecording = (id: string) => call(commands.discardRecording(id));

export const playSpan = (encounterId: string, startS: number, endS: number) => call(commands.playSpan(encounterId, startS, endS));
export const stopPlaying = () => call(commands.stopPlaying());
export const swapSpeaker = (encounterId: string, turn: number, speaker: string) => call(commands.swapSpeaker(encounterId, turn, speaker));

export const draftNote = (encounterId: string) => call(commands.draftNote(encounterId));
export const editNote = (noteId: string, edit: NoteEdit) => call(commands.editNote(noteId, edit));
export const signNote = (noteId: string) => call(commands.signNote(noteId));
export const addAddendum = (noteId: string, text: string) => call(commands.addAddendum(noteId, text));

/** What the recorder tells: state, level, words. */
export const onRecorder = (listener: (event: RecorderEvent) => void) => events.recorderEvent.listen(({ payload }) => listener(payload));
