package postgres_test

import (
	"strings"
	"testing"

	"kapbot/adapters/postgres"
	"kapbot/adapters/postgres/postgrestest"
	"kapbot/bot/engine/enginetest"
)

func TestLostDatabase(t *testing.T) {
	server := postgrestest.Start(t)
	s := open(t, server.Database(t))
	enginetest.TestOutage(t, s, server.Stop, func() { server.Run(t) })
}

func TestADatabaseThatComesLater(t *testing.T) {
	server := postgrestest.Start(t)
	url := server.Database(t)
	server.Stop()
	s := open(t, url)
	if err := s.Ping(t.Context()); err == nil {
		t.Error("a database that is away answers")
	}
	server.Run(t)
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnErrorHoldsNoPassword(t *testing.T) {
	const secret = "s3cr3t-canary"
	_, err := postgres.Open("postgres://kapbot:" + secret + "@host:port/kapbot")
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("malformed url: %v", err)
	}
	s := open(t, "postgres://kapbot:"+secret+"@127.0.0.1:1/kapbot")
	if err := s.Ping(t.Context()); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("nobody listens: %v", err)
	}
}
