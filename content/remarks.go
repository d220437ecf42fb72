package content

import "github.com/insidebox/insidebox/standard"

// remarks are the words that the renderer puts among an author's: in the
// language of the library, as its figures are.
type remarks struct {
	alerts     map[string]string // GitHub's five, by what stands in the file
	done, open string            // of a task in a list, for those who don't see the mark
}

var englishRemarks = remarks{
	alerts: map[string]string{"NOTE": "Note", "TIP": "Tip", "IMPORTANT": "Important", "WARNING": "Warning", "CAUTION": "Caution"},
	done:   "done", open: "to do",
}

var germanRemarks = remarks{
	alerts: map[string]string{"NOTE": "Hinweis", "TIP": "Tipp", "IMPORTANT": "Wichtig", "WARNING": "Achtung", "CAUTION": "Vorsicht"},
	done:   "erledigt", open: "offen",
}

// dialects are the renderers by the tongues of libraries.
var dialects = map[*standard.Tongue]dialect{
	standard.English: newDialect(englishRemarks),
	standard.German:  newDialect(germanRemarks),
}
