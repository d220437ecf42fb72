package content

// A Finding is one thing `check` has to say about a file.
type Finding struct {
	File    string `json:"file"`    // slash path in the content tree
	Line    int    `json:"line"`    // from 1
	Column  int    `json:"column"`  // from 1, in characters
	Error   bool   `json:"error"`   // false: a warning
	Message string `json:"message"` // what is wrong and how to mend it
	Rule    string `json:"rule"`    // stable name, such as "broken-link"
}
