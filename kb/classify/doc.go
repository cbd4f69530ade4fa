// Package classify decides what a question is about: one of the topics that the
// documents answer, or one of the subjects that they do not. It knows topics
// and subjects by name only; package kb knows what stands behind the names.
//
// [Fit] learns from the wordings: one class a topic and a subject, and one more
// for "covered at all" (package linear does the learning), then finds out by
// cross-validation how much its own margins can be trusted ([Calibration]). The
// result is one file of bytes, embedded in the program. [Open] reads it in
// place, and [Model.Rank] puts topics and subjects in order with a calibrated
// probability that the first topic answers.
//
// A question may lean on what the conversation was about before ("and for
// PTSD?"). Nothing of the conversation's text is kept, only the name of its
// last topic, and that name is a feature like any word.
package classify
