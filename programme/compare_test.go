package programme_test

import (
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
)

// emptyIsNil makes an empty list or map equal to none: the store doesn't tell
// them apart.
var emptyIsNil = cmpopts.EquateEmpty()

// sameStanding compares standings: certificates in any order.
var sameStanding = cmp.Options{
	emptyIsNil,
	cmpopts.IgnoreUnexported(programme.Standing{}),
	cmpopts.SortSlices(func(a, b certify.Held) bool { return a.Certificate < b.Certificate }),
}
