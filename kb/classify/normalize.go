package classify

// normalizeVersion changes with what Normalize does, so that a model fitted
// before is known to be out of date.
const normalizeVersion = "1"

// Normalize prepares a question before its n-grams are taken.
func Normalize(question string) string { return question }
