package script

import "time"

func (m *machine) installMoment() error {
	err := m.engine.moment(m.vm, Moment{
		Now: m.engine.now,
		Zone: func() *time.Location {
			m.check()
			return m.localZone().Location()
		},
		Changed: func() { m.broken = true },
	})
	if err != nil {
		return err
	}
	m.moment = m.global.Get("moment")
	m.hidden(m.global, "moment", m.moment)
	return nil
}
