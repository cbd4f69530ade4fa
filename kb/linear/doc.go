// Package linear classifies short texts with linear models over word and
// character n-grams. It knows nothing of topics, subjects or danger: callers
// bring lines and the classes they belong to.
//
// # The way of a line
//
//   - [Features] turns a text into hashed n-grams (features.go). Rare n-grams
//     weigh more, repeated ones a little more (sublinear tf-idf), and words
//     and characters are each scaled to the same length.
//   - [Fit] learns one support vector machine a class (svm.go, liblinear's
//     dual coordinate descent) and packs the weights, a byte each, into a
//     [Model] (encode.go). The same lines, options and seed give the same
//     bytes on any machine.
//   - [Open] reads those bytes where they lie: nothing is parsed but a short
//     header, no map is built. A model embedded in a program costs nothing
//     until it is asked.
//   - [Model.Score] gives one margin a class, positive for "in", and says how
//     many n-grams it had never seen. [Model.Explain] names the n-grams that
//     spoke for and against a class.
//
// # Judging a model
//
// [CrossValidate] scores every line with a model that was not fitted on it.
// [AUROC], [Brier] and [Reliability] measure such scores, [FitLogistic] and
// [FitIsotonic] turn them into probabilities.
package linear
