package people

import (
	"slices"
	"strings"
)

// Role is what a person may do. A person may hold several.
type Role string

// The roles, in the order in which they are stored and shown.
const (
	RoleRep        Role = "rep"        // walks the path, is certified, raises requests
	RoleManager    Role = "manager"    // sees the teams that name her
	RoleAuthor     Role = "author"     // writes the standard and the courses
	RoleSales      Role = "sales"      // reviewer: the voice of sales
	RoleCare       Role = "care"       // reviewer: the voice of customer care
	RoleOperations Role = "operations" // reviewer: the voice of operations
	RoleAdmin      Role = "admin"      // people, teams, sign-in, backup
)

var allRoles = []Role{RoleRep, RoleManager, RoleAuthor, RoleSales, RoleCare, RoleOperations, RoleAdmin}

// AllRoles returns every role in the order in which they are shown.
func AllRoles() []Role { return slices.Clone(allRoles) }

// Title says the role in words for people, as in "reviewer for sales".
func (r Role) Title() string {
	switch r {
	case RoleRep:
		return "rep"
	case RoleManager:
		return "manager"
	case RoleAuthor:
		return "author"
	case RoleSales:
		return "reviewer for sales"
	case RoleCare:
		return "reviewer for customer care"
	case RoleOperations:
		return "reviewer for operations"
	case RoleAdmin:
		return "admin"
	}
	return string(r)
}

// ParseRoles reads roles from text: separated by spaces, commas, semicolons,
// "|" or "+", in small or capital letters. The result is sorted and has each
// role once. The error is an [InputError] of the field "roles".
func ParseRoles(text string) ([]Role, error) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return strings.ContainsRune(" \t,;|+", r)
	})
	roles := make([]Role, 0, len(words))
	for _, w := range words {
		roles = append(roles, Role(w))
	}
	return checkRoles(roles)
}

// checkRoles returns the roles sorted and each once, or an InputError.
func checkRoles(roles []Role) ([]Role, error) {
	clean := slices.Clone(roles)
	for _, r := range clean {
		if !slices.Contains(allRoles, r) {
			return nil, input("roles", "role-unknown", `There is no role "{Role}". The roles are {Roles}.`, "Role", said(string(r)), "Roles", JoinRoles(allRoles))
		}
	}
	return inOrder(clean), nil
}

// inOrder sorts roles in place as they are stored, each once.
func inOrder(roles []Role) []Role {
	slices.SortFunc(roles, func(a, b Role) int {
		return slices.Index(allRoles, a) - slices.Index(allRoles, b)
	})
	return slices.Compact(roles)
}

// JoinRoles writes roles as a roster has them: "rep, manager".
func JoinRoles(roles []Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}
