// Go's regexp as a judge: a pattern and texts a line in, whether the pattern is valid and which texts match as a whole out.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"regexp"
	"regexp/syntax"
)

type question struct {
	Pattern string   `json:"pattern"`
	Texts   []string `json:"texts"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			log.Fatal(err)
		}
		out.WriteString(answer(asked) + "\n")
	}
}

// "-" for an invalid pattern, otherwise a digit for each text.
func answer(asked question) string {
	tree, err := syntax.Parse(asked.Pattern, syntax.Perl)
	if err != nil {
		return "-"
	}
	whole := regexp.MustCompile(`\A(?:` + tree.String() + `)\z`)
	digits := ""
	for _, text := range asked.Texts {
		if whole.MatchString(text) {
			digits += "1"
		} else {
			digits += "0"
		}
	}
	return digits
}
