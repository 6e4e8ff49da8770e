// A small OpenTelemetry Collector for tests: the OTLP receiver and the file exporter of the
// real one, and nothing else, so that it is built in a minute.
package main

import (
	"log"

	"github.com/open-telemetry/opentelemetry-collector-contrib/exporter/fileexporter"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
)

func factories() (otelcol.Factories, error) {
	receivers, err := receiver.MakeFactoryMap(otlpreceiver.NewFactory())
	if err != nil {
		return otelcol.Factories{}, err
	}
	exporters, err := exporter.MakeFactoryMap(fileexporter.NewFactory())
	return otelcol.Factories{Receivers: receivers, Exporters: exporters}, err
}

func main() {
	all, err := factories()
	if err != nil {
		log.Fatal(err)
	}
	info := component.BuildInfo{Command: "otelcol", Description: "for tests", Version: "0.84.0"}
	settings := otelcol.CollectorSettings{BuildInfo: info, Factories: all}
	if err := otelcol.NewCommand(settings).Execute(); err != nil {
		log.Fatal(err)
	}
}
