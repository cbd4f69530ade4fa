package engine

import "strings"

// ordinary holds words, in lower case, that are no one's name even where they are
// capitalised: those that questions begin with, those that follow "I am", and those that
// this subject is full of. A word that is missing here costs a wording some of
// its sense, and nobody their privacy. "Will", "May", "Mark", "Grace" and "Hope" are
// missing on purpose.
var ordinary = set(`
	a about after all also am an and another any anyone anything are as at because been before being best
	both but by
	can cannot could couldn't did didn't do does doesn't doing don't during each either else even ever every
	explain
	few first for from get give given giving go going good had has hasn't have haven't having he he's help
	her here hers his how how's however
	i i'd i'll i'm i've if in instead into is isn't it it's its just know last later less let let's like
	list long
	make many maybe me might more most much must my need never new no nobody none not nothing now of off
	often ok okay on once one only
	or other our out over part people per perhaps please quick quite rather really right same say second see
	several shall she she's should shouldn't show since so some
	somebody someone something sometimes soon sorry still such suppose sure take tell than thank thanks that
	that's the their them then there there's these they they're they've thing think this those
	though three through time to today tomorrow too two under until up us use used using usually very want
	wants was wasn't we we're we've well were what what's when where whether which while who
	who's whom whose why with within without won't would wouldn't yes yesterday yet you you'd you'll you're
	you've your yours hello hi hey

	dr doctor mr mrs ms miss prof professor nurse
	able afraid allergic alone an angry anxious asking bipolar breastfeeding concerned confused considering
	curious currently dealing depressed diabetic disabled eligible epileptic feeling fine
	getting interested living looking nervous old older over pregnant ready retired scared schizophrenic
	seeing seeking sober sick skeptical starting struggling stuck suffering suicidal supposed
	taking tapering tired thinking told trying uninsured unsure veteran wondering working worried young

	adhd anxiety apa asd bpd cbt cmh cost covid cptsd c-ptsd dbt dea depression dmt dna dosage dose doi dsm
	ect eeg emdr esketamine faq fda gad gp ground hipaa hmo icd im insurance iv
	kap ketamine ketamine-assisted latuda lsd maoi mat mdd mdma medicaid medicare medication mri nhs nmda
	ocd otc pmdd ppo ptsd psilocybin psychedelic psychedelics psychiatrist psychotherapy rct research safe
	session sessions side sleep snri spravato ssri ssris study studies sublingual therapist therapy tms trd
	treatment us usa uk va wellbutrin zoloft prozac lexapro
	january february march june july august september october november december monday tuesday wednesday
	thursday friday saturday sunday
	english spanish american european
`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
