package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/standard"
)

// A canSellRun is one call of can-sell.
type canSellRun struct {
	*program
	content, on string
	asJSON      bool
	lib         *content.Library
	book        *standard.Book
}

func (p *program) canSellCommand() *cobra.Command {
	run := &canSellRun{program: p}
	cmd := &cobra.Command{
		Use:   "can-sell NEED=VALUE... [SENTENCE]",
		Short: "Can this be sold? Hold what a customer needs against the standard",
		Long: "can-sell answers what the page of that name answers: whether one tier of one\n" +
			"offering, alone or with add-ons, holds all that a customer needs; else which\n" +
			"limits come nearest, and by how much they fail.\n\n" +
			"NEED is a dimension of the library, VALUE what is needed of it; only=OFFERING\n" +
			"asks for that offering and no other one, as its title in a sentence does. What is no\n" +
			"NEED=VALUE is a sentence, English or German. What can't be read in it, or reads\n" +
			"in two ways, is printed as not read. Then a yes is not one yet, and the answer says\n" +
			"what to ask; with --json the verdict is that on what was read, and \"open\" is true.\n\n" +
			"A need may have parts, each with an answer of its own: 2.NEED=VALUE belongs to\n" +
			"the second, and so does what stands behind a \";\" in the sentence.",
		Example: "  insidebox can-sell turnaround=12h scope=in-state volume=3000\n" +
			"  insidebox can-sell \"12 hours, in-state, our own portal\" setup=\"40 bd\"\n" +
			"  insidebox can-sell \"certified copies in 2 days\"\n" +
			"  insidebox can-sell \"in-state in 8h; the rest nationwide in 24h\" --on 2027-01-04",
		RunE: func(cmd *cobra.Command, args []string) error { return run.canSell(cmd, args) },
	}
	cmd.Flags().StringVar(&run.content, "content", "", "content `folder`, instead of the built-in sample library")
	cmd.Flags().StringVar(&run.on, "on", "", "answer for this `date`, as 2027-01-04, instead of today in\nthe library's time zone")
	cmd.Flags().BoolVar(&run.asJSON, "json", false, "print the answer as JSON")
	return cmd
}

func (c *canSellRun) canSell(cmd *cobra.Command, args []string) error {
	var day standard.Day
	if c.on != "" {
		var err error
		if day, err = standard.ParseDay(c.on); err != nil {
			return wrong(cmd, "read --on: %w", err)
		}
	}
	if strings.TrimSpace(strings.Join(args, "")) == "" {
		return wrong(cmd, "can-sell needs what the customer needs, such as turnaround=12h, or a sentence in quotation marks")
	}
	if err := c.open(); err != nil {
		return err
	}
	if c.on == "" {
		day = c.lib.Day
	}
	c.book = c.lib.Book(day)
	parts, err := readNeeds(c.lib.Lexicon(), c.lib.Dimensions, args)
	if err != nil {
		return wrong(cmd, "read the need: %w", err)
	}
	answers := make([]content.AnsweredPart, len(parts))
	for i, part := range parts {
		m, err := c.book.MatchReading(part)
		if err != nil {
			return fmt.Errorf("match the need: %w", err)
		}
		answers[i] = content.AnsweredPart{Reading: part, Match: m}
	}
	if c.asJSON {
		return printJSON(c.stdout, c.lib.SellReport(answers))
	}
	c.print(answers)
	return nil
}

// open reads the library.
func (c *canSellRun) open() error {
	tree, where := content.Sample(), ""
	if c.content != "" {
		folder, err := contentFolder(c.content)
		if err != nil {
			return fmt.Errorf("open --content: %w", err)
		}
		tree, where = folder, " "+shown(c.content)
	}
	lib, findings := content.Load(tree, content.Options{Now: time.Now()})
	if lib == nil {
		return fmt.Errorf("read the standard: the content has %s; \"insidebox check%s\" lists them", tally(findings), where)
	}
	c.lib = lib
	return nil
}

// askedFor is one NEED=VALUE: the part's number, if there is one, the name, the
// value.
var askedFor = regexp.MustCompile(`^(?:(\d{1,3})\.)?([\pL\pN_-]+)=(.*)$`)

// readNeeds reads the arguments as the parts of a need, of which none is empty but
// the only one. What a sentence says and what is said outright go together, as long
// as they don't say two things.
func readNeeds(lx *standard.Lexicon, dims []standard.Dimension, args []string) ([]standard.Reading, error) {
	outright, words := map[int]map[string][]string{}, []string(nil)
	for _, arg := range args {
		m := askedFor.FindStringSubmatch(arg)
		if m == nil {
			words = append(words, arg)
			continue
		}
		number, err := strconv.Atoi(orElse(m[1], "1"))
		if err != nil || number < 1 {
			return nil, fmt.Errorf("%q: parts are counted from 1", shown(arg))
		}
		if outright[number] == nil {
			outright[number] = map[string][]string{}
		}
		outright[number][m[2]] = append(outright[number][m[2]], m[3])
	}
	said := lx.ReadParts(strings.Join(words, " "))
	last := len(said)
	for number := range outright {
		last = max(last, number)
	}
	var parts []standard.Reading
	for n := 1; n <= last; n++ {
		part := standard.Reading{Need: standard.Need{}}
		if n <= len(said) {
			part = said[n-1]
		}
		if err := addOnly(lx, &part, outright[n]); err != nil {
			return nil, err
		}
		if err := addOutright(dims, part.Need, outright[n]); err != nil {
			return nil, err
		}
		if len(part.Need)+len(part.Only) > 0 || part.Unread != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, standard.Reading{Need: standard.Need{}})
	}
	return parts, nil
}

// addOnly adds the offerings that were named outright to those of the sentence.
func addOnly(lx *standard.Lexicon, part *standard.Reading, outright map[string][]string) error {
	named := append(slices.Clone(part.Only), outright[standard.OnlyField]...)
	delete(outright, standard.OnlyField)
	only, err := lx.Only(strings.Join(named, ","))
	if err != nil {
		return err
	}
	part.Only = only
	return nil
}

// addOutright adds what was said as NEED=VALUE to a need.
func addOutright(dims []standard.Dimension, need standard.Need, outright map[string][]string) error {
	for _, name := range slices.Sorted(maps.Keys(outright)) {
		i := slices.IndexFunc(dims, func(d standard.Dimension) bool { return d.Name == name })
		if i < 0 {
			names := make([]string, len(dims))
			for i, d := range dims {
				names[i] = d.Name
			}
			return fmt.Errorf("there is no need %q%s; the library measures %s", name, perhaps("", nearest(name, names)), strings.Join(names, ", "))
		}
		for _, text := range outright[name] {
			v, err := standard.ParseValue(dims[i], text)
			if err != nil {
				return err
			}
			before, there := need[name]
			switch {
			case !there:
				need[name] = v
			case dims[i].Kind == standard.AllOf:
				all := slices.Concat(before.Set, v.Set)
				slices.Sort(all)
				if need[name], err = standard.ParseSet(dims[i], slices.Compact(all)); err != nil {
					return err
				}
			case !before.Equal(v):
				return fmt.Errorf("%s is asked for as %s and as %s; ask for one", name, before, v)
			}
		}
	}
	return nil
}
