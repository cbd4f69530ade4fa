// Command kapbot answers questions about ketamine-assisted psychotherapy
// in a terminal, on Discord, on Slack and on a web page.
package main

func main() {}
