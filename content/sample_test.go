package content

import "testing"

func TestSampleLoads(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	for _, f := range findings {
		t.Errorf("%v", f)
	}
	if lib == nil {
		t.Fatal("the sample library does not load")
	}
}
