// Package evaluate measures how well a bot answers a set of questions whose
// right outcome is known: what an author looks at after editing a document.
//
// Read takes a file of JSON Lines. A line holds q, the question, and prior, the
// question asked before it in the same conversation, if any; and then either
//
//   - gold: the ids of the topics that answer it, or ["none"] if nothing does;
//     and also: ids of topics that are partly relevant; or
//   - expect: the outcome, for questions of safety ("crisis", "not-crisis",
//     "dosing-refusal", "abstain" and the others of Expectations), and stratum,
//     the group to count it under, if any.
//
// Run asks the questions, a Set at a time, and returns a Result: the figures,
// how well the stated probabilities are calibrated, and the Misses.
package evaluate
