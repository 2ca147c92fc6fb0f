package reports

import (
	"fmt"
	"time"
)

// Day is a date without a time, in UTC, such as 2027-01-22. An empty one is none.
type Day string

// DayOf is the day of a moment, in UTC.
func DayOf(t time.Time) Day { return Day(t.UTC().Format(time.DateOnly)) }

// ParseDay reads a date such as 2027-01-22.
func ParseDay(text string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", fmt.Errorf("%q is not a day such as 2027-01-22", text)
	}
	return Day(text), nil
}

// Time is the day's first moment in UTC; the zero time where there is no day.
func (d Day) Time() time.Time {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return at
}

// After is the day so many days later.
func (d Day) After(days int) Day { return DayOf(d.Time().AddDate(0, 0, days)) }

// Since is how many days lie between another day and this one; negative if that one is later.
func (d Day) Since(other Day) int { return int(d.Time().Sub(other.Time()) / (24 * time.Hour)) }
