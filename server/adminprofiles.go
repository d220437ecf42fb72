package server

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/pprof"
	"strconv"
	"time"
)

// profileSeconds is how long a profile over time takes: as long as somebody
// waits for a page, and enough to see where a busy server's time goes.
const profileSeconds = 10

// A profile is one that an admin may fetch, for "go tool pprof". None of them
// holds what is in memory, only where in the program it was asked for.
type profile struct {
	name string
	take func(r *request, w *bytes.Buffer) error
}

// profiles are listed in the order in which one looks: first at the time.
var profiles = []profile{
	{"cpu", takeCPU},
	{"heap", taken("heap")},
	{"allocs", taken("allocs")},
	{"goroutine", taken("goroutine")},
}

// errProfiling is returned while another CPU profile is being taken.
var errProfiling = errors.New("another CPU profile is being taken")

// taken takes one of the profiles that the runtime keeps anyway.
func taken(name string) func(*request, *bytes.Buffer) error {
	return func(_ *request, w *bytes.Buffer) error {
		return pprof.Lookup(name).WriteTo(w, 0)
	}
}

// takeCPU watches for profileSeconds, or for fewer ?seconds.
func takeCPU(r *request, w *bytes.Buffer) error {
	seconds := profileSeconds
	if asked, err := strconv.Atoi(r.Query("seconds")); err == nil {
		seconds = min(max(asked, 1), profileSeconds)
	}
	if err := pprof.StartCPUProfile(w); err != nil {
		return fmt.Errorf("take a CPU profile: %w", errProfiling)
	}
	defer pprof.StopCPUProfile()
	over := time.NewTimer(time.Duration(seconds) * time.Second)
	defer over.Stop()
	select {
	case <-over.C:
		return nil
	case <-r.Request.Context().Done():
		return r.Request.Context().Err()
	}
}

type profilesPage struct {
	Facts    []profileFact
	Profiles []profileLine
}

type profileFact struct{ Name, Value string }

type profileLine struct{ Title, What, URL string }

// adminProfiles shows how the program is doing, and what can be fetched to see
// why.
func (s *Server) adminProfiles(r *request) error {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	page := profilesPage{Facts: []profileFact{
		{r.t("profiles.go"), runtime.Version()},
		{r.t("profiles.goroutines"), strconv.Itoa(runtime.NumGoroutine())},
		{r.t("profiles.memory"), r.t("profiles.megabytes", "Count", memory.HeapAlloc>>20)},
		{r.t("profiles.asked"), r.t("profiles.megabytes", "Count", memory.Sys>>20)},
	}}
	for _, p := range profiles {
		page.Profiles = append(page.Profiles, profileLine{r.t("profiles.file." + p.name), r.t("profiles.file." + p.name + "-what"), "/admin/profiles/" + p.name})
	}
	return r.narrow(http.StatusOK, "profiles", r.t("profiles.title"), "admin", page)
}

// adminProfile sends one profile as a file.
func (s *Server) adminProfile(r *request) error {
	for _, p := range profiles {
		if p.name != r.Param("profile") {
			continue
		}
		var file bytes.Buffer
		if err := p.take(r, &file); err != nil {
			return err
		}
		r.Header("Cache-Control", "private, no-store")
		r.Header("Content-Disposition", `attachment; filename="insidebox-`+p.name+`.pprof"`)
		r.Data(http.StatusOK, "application/octet-stream", file.Bytes())
		return nil
	}
	return errNoPage
}
